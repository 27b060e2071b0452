package io.krystaline.sink.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochNanosTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 999_999_999, -1_000_000_000, Long.MAX_VALUE, Long.MIN_VALUE})
  void of_whatToInstantGave_isTheSame(long nanos) {
    assertThat(EpochNanos.of(EpochNanos.toInstant(nanos))).isEqualTo(nanos);
  }

  @Test
  void toInstant_ofNanoseconds_keepsAllNineDigits() {
    assertThat(EpochNanos.toInstant(1_700_000_000_123_456_789L))
        .isEqualTo(Instant.parse("2023-11-14T22:13:20.123456789Z"));
  }

  @Test
  void of_instantBeyondTheRange_isTheNearestWithin() {
    assertThat(EpochNanos.of(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    assertThat(EpochNanos.of(Instant.MIN)).isEqualTo(Long.MIN_VALUE);
    assertThat(EpochNanos.of(Instant.parse("9999-12-31T00:00:00Z"))).isEqualTo(Long.MAX_VALUE);
  }
}
