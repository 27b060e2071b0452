package io.krystaline.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantitiesTest {
  @ParameterizedTest
  @CsvSource({
    "500ms,PT0.5S",
    "5s,PT5S",
    "1.5h,PT1H30M",
    "30d,PT720H",
    "1h30m,PT1H30M",
    "0s,PT0S",
    "10us,PT0.00001S",
    "7ns,PT0.000000007S",
    "PT5S,PT5S",
    "P1D,PT24H"
  })
  void duration_readsUnitsAndIso(String text, Duration expected) {
    assertThat(Quantities.duration(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "5 s",
        "5x",
        "-5s",
        "5s!",
        "1.1ns",
        "P",
        "999999999999999999d",
        "5S"
      })
  void duration_wrong_isRefused(String text) {
    assertThatThrownBy(() -> Quantities.duration(text))
        .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1024,1024",
    "1KiB,1024",
    "1.5 kib,1536",
    "10kB,10000",
    "64MiB,67108864",
    "1GiB,1073741824",
    "1tb,1000000000000",
    "7B,7"
  })
  void bytes_readsUnits(String text, long expected) {
    assertThat(Quantities.bytes(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "-1", "1.5", "1Mi", "999999999999999999TiB", "1e3"})
  void bytes_wrong_isRefused(String text) {
    assertThatThrownBy(() -> Quantities.bytes(text))
        .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
  }

  @Test
  void text_isShortestExactForm() {
    assertThat(Quantities.text(Duration.ZERO)).isEqualTo("0s");
    assertThat(Quantities.text(Duration.ofDays(30))).isEqualTo("30d");
    assertThat(Quantities.text(Duration.ofSeconds(90))).isEqualTo("90s");
    assertThat(Quantities.text(Duration.ofMillis(1500))).isEqualTo("1500ms");
    assertThat(Quantities.text(Duration.ofNanos(1001))).isEqualTo("1001ns");
    assertThat(Quantities.text(Duration.ofSeconds(-1))).isEqualTo("PT-1S");
  }

  @Test
  void editDistance_isSymmetricAndLimited() {
    assertThat(EditDistance.between("port", "prot", 9)).isEqualTo(2);
    assertThat(EditDistance.between("", "abc", 9)).isEqualTo(3);
    assertThat(EditDistance.between("same", "same", 9)).isZero();
    assertThat(EditDistance.between("abc", "xyz", 2)).isEqualTo(2);
    assertThat(EditDistance.between("a", "abcdef", 3)).isEqualTo(3);
  }
}
