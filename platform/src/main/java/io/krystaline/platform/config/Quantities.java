package io.krystaline.platform.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations and sizes as people write them. A duration is a number and a unit ({@code 500ms},
 * {@code 5s}, {@code 1.5h}, {@code 30d}), several of them ({@code 1h30m}), or ISO-8601 ({@code
 * PT5S}). A size is a number of bytes with an optional unit, binary ({@code 64MiB}) or decimal
 * ({@code 10MB}).
 */
final class Quantities {
  private static final Pattern PART = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)([a-zA-Z]+)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([a-zA-Z]*)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L,
          "d", 86_400_000_000_000L);
  private static final Map<String, Long> BYTES =
      Map.of(
          "", 1L,
          "b", 1L,
          "kib", 1L << 10,
          "mib", 1L << 20,
          "gib", 1L << 30,
          "tib", 1L << 40,
          "kb", 1_000L,
          "mb", 1_000_000L,
          "gb", 1_000_000_000L,
          "tb", 1_000_000_000_000L);

  private Quantities() {}

  static Duration duration(String text) {
    String stripped = text.strip();
    if (stripped.startsWith("P")) {
      try {
        return Duration.parse(stripped);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("not a duration: " + text, e);
      }
    }
    Matcher matcher = PART.matcher(stripped);
    long nanos = 0;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      nanos = Math.addExact(nanos, scaled(matcher.group(1), NANOS.get(matcher.group(2)), text));
      end = matcher.end();
    }
    if (stripped.isEmpty() || end != stripped.length()) {
      throw new IllegalArgumentException("not a duration: " + text);
    }
    return Duration.ofNanos(nanos);
  }

  static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a size: " + text);
    }
    return scaled(matcher.group(1), BYTES.get(matcher.group(2).toLowerCase(Locale.ROOT)), text);
  }

  private static long scaled(
      String number, @org.jspecify.annotations.Nullable Long unit, String text) {
    if (unit == null) {
      throw new IllegalArgumentException("unknown unit: " + text);
    }
    return new BigDecimal(number).multiply(BigDecimal.valueOf(unit)).longValueExact();
  }

  /** The shortest exact form with one unit, such as {@code 90s} or {@code 30d}. */
  static String text(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.isNegative() || duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
      return duration.toString();
    }
    long nanos = duration.toNanos();
    for (String unit : new String[] {"d", "h", "m", "s", "ms", "us"}) {
      long size = NANOS.getOrDefault(unit, 1L);
      if (nanos % size == 0) {
        return nanos / size + unit;
      }
    }
    return nanos + "ns";
  }
}
