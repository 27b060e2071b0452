package io.krystaline.platform.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EpochNanosTest {
  @ParameterizedTest
  @CsvSource({
    "0,1970-01-01T00:00:00.000000000Z",
    "1,1970-01-01T00:00:00.000000001Z",
    "-1,1969-12-31T23:59:59.999999999Z",
    "-1000000000,1969-12-31T23:59:59.000000000Z",
    "1795255200000000001,2026-11-21T10:00:00.000000001Z",
    "1795255200100000000,2026-11-21T10:00:00.100000000Z",
    "9223372036854775807,2262-04-11T23:47:16.854775807Z",
    "-9223372036854775808,1677-09-21T00:12:43.145224192Z"
  })
  void format_andParse_areInverse(long nanos, String text) {
    assertThat(EpochNanos.format(nanos)).isEqualTo(text);
    assertThat(EpochNanos.parse(text)).isEqualTo(nanos);
  }

  @Test
  void format_agreesWithInstant_andSortsAsTimesDo() {
    Random random = new Random(7);
    String previous = "";
    for (long nanos : random.longs(2_000, 0, Long.MAX_VALUE).sorted().toArray()) {
      String text = EpochNanos.format(nanos);
      assertThat(Instant.parse(text)).isEqualTo(Instant.EPOCH.plusNanos(nanos));
      assertThat(EpochNanos.parse(text)).isEqualTo(nanos);
      assertThat(text).hasSize(30).isGreaterThan(previous);
      previous = text;
    }
  }

  @Test
  void parse_acceptsOffsetsAndShortFractions() {
    assertThat(EpochNanos.parse("1970-01-01T01:00:00.5+01:00")).isEqualTo(500_000_000L);
    assertThat(EpochNanos.parse("1970-01-01T00:00:01Z")).isEqualTo(1_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026-11-21",
        "2026-11-21T10:00:00",
        "2026-13-01T00:00:00Z",
        "2262-04-11T23:47:16.854775808Z",
        "1677-09-21T00:12:43.145224191Z",
        "+10000-01-01T00:00:00Z",
        "2026-11-21T10:00:00.0000000001Z",
        "1795255200"
      })
  void parse_wrong_isRefusedByName(String text) {
    assertThatThrownBy(() -> EpochNanos.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
