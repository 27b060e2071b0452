package io.krystaline.sink.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeasonTest {
  private static final long HOUR = 3_600 * Season.SECOND;

  /** 2024-01-01T00:00:00Z, a Monday. */
  private static final long MONDAY = 1_704_067_200L * Season.SECOND;

  private final Season season = new Season(1);

  @Test
  void wave_isHighInTheAfternoon_lowAtNight_andLowerAtWeekends() {
    assertThat(season.wave(MONDAY + 15 * HOUR)).isCloseTo(1.5, within(1e-9));
    assertThat(season.wave(MONDAY + 3 * HOUR)).isCloseTo(0.5, within(1e-9));
    assertThat(season.wave(MONDAY + (4 * 24 + 15) * HOUR)).isCloseTo(1.5, within(1e-9));
    assertThat(season.wave(MONDAY + (5 * 24 + 15) * HOUR)).isCloseTo(1.125, within(1e-9));
    assertThat(season.wave(MONDAY + (6 * 24 + 15) * HOUR)).isCloseTo(1.125, within(1e-9));
    assertThat(season.wave(MONDAY + (7 * 24 + 15) * HOUR)).isCloseTo(1.5, within(1e-9));
  }

  @Test
  void rate_isTheWaveWithNoiseOfSomePercent_smoothFromSecondToSecond() {
    List<Double> ratios = new ArrayList<>();
    for (long at = MONDAY; at < MONDAY + 24 * HOUR; at += 10 * Season.SECOND) {
      ratios.add(season.rate(at) / season.wave(at));
      assertThat(season.rate(at + Season.SECOND)).isCloseTo(season.rate(at), within(0.05));
    }
    double mean = ratios.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    double deviation =
        Math.sqrt(
            ratios.stream()
                .mapToDouble(ratio -> (ratio - mean) * (ratio - mean))
                .average()
                .orElse(0));
    assertThat(mean).isBetween(0.97, 1.03);
    assertThat(deviation).isBetween(0.03, 0.12);
  }

  @Test
  void noise_pausesDelayWorkThatMeetsThem_andNothingElse() {
    ServiceNoise noise = new ServiceNoise(1, 0);
    long work = Season.SECOND / 1_000;
    int delayed = 0;
    int steps = 0;
    long longest = 0;
    long end = 0;
    for (long at = MONDAY; at < MONDAY + HOUR; at += 10 * work) {
      long done = noise.endOfWork(at, work);
      assertThat(done).isGreaterThanOrEqualTo(at + work);
      steps++;
      if (done > at + work) {
        delayed++;
        longest = Math.max(longest, done - at);
      } else {
        // What begins later and is not delayed ends later.
        assertThat(done).isGreaterThan(end);
        end = done;
      }
    }
    // Some 0.6 pauses a minute of 90 ms on average: about one step in a thousand.
    assertThat(delayed / (double) steps).isBetween(0.0002, 0.004);
    assertThat(longest).isLessThan(2 * 250_000_000L + work);
  }

  @Test
  void noise_isAFunctionOfTheTime() {
    ServiceNoise forwards = new ServiceNoise(1, 0);
    ServiceNoise backwards = new ServiceNoise(1, 0);
    List<Double> there = new ArrayList<>();
    List<Double> back = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      there.add(forwards.slowness(MONDAY + i * Season.SECOND));
    }
    for (int i = 4_999; i >= 0; i--) {
      back.add(0, backwards.slowness(MONDAY + i * Season.SECOND));
    }
    assertThat(there).isEqualTo(back);
    assertThat(there.stream().filter(factor -> factor > 1.25).count()).isPositive();
    assertThat(new ServiceNoise(1, 1).slowness(MONDAY)).isNotEqualTo(there.get(0));
  }
}
