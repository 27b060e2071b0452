package io.krystaline.sink.store;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Instants as the driver takes them for {@code timestamptz}. */
final class SqlTime {
  private SqlTime() {}

  static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
