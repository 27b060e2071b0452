package io.krystaline.platform.http;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date header's value, formatted once a second. Safe on every thread. */
final class DateHeader {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private record Formatted(long second, String text) {}

  private final InstantSource clock;
  private volatile Formatted last = new Formatted(Long.MIN_VALUE, "");

  DateHeader(InstantSource clock) {
    this.clock = clock;
  }

  String value() {
    long second = clock.millis() / 1000;
    Formatted known = last;
    if (known.second != second) {
      known = new Formatted(second, FORMAT.format(java.time.Instant.ofEpochSecond(second)));
      last = known;
    }
    return known.text;
  }
}
