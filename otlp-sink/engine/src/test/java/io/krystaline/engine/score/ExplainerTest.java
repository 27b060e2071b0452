package io.krystaline.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.BaselineBuilder;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.Bucket;
import io.krystaline.engine.baseline.BucketLevel;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.HourStatistics;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private static Baseline baseline(int samples, ZoneId zone) {
    HourStatistics statistics = new HourStatistics();
    for (int i = 0; i < samples; i++) {
      statistics.add(i % 2 == 0 ? 84_000_000 : 94_000_000);
    }
    long hour = HourSlice.epochHourOf(SpanRecorder.MONDAY_NINE);
    return BaselineBuilder.build(
        List.of(new HourSlice(hour, statistics)).iterator(),
        BaselineSettings.defaults().withZone(zone));
  }

  private static Bucket bucket(BucketLevel level, double mean, double stdDev) {
    return new Bucket(level, 412, mean, stdDev, 1, 1, 1, 1, 1);
  }

  @Test
  void explain_hourOfWeek_readsAsASentence() {
    Baseline baseline = baseline(2_000, ZoneId.of("UTC"));
    Bucket bucket = bucket(BucketLevel.HOUR_OF_WEEK, 89_000_000, 5_100_000);
    Explainer explainer = Explainer.of(baseline, bucket, 9);
    assertThat(explainer.explain(Severity.MINOR, 99_600_000))
        .isEqualTo(
            "expected 89.0 ± 5.1 ms on Mondays 09:00-10:00 UTC, from 412 samples;"
                + " observed 99.6 ms; 2.08 σ; above p90");
    assertThat(explainer.explain(Severity.CRITICAL, 36_000_000_000_000L))
        .endsWith("observed 36000 s; 7058806 σ; above p99.9");
  }

  @Test
  void when_eachLevel_isNamed() {
    Baseline learned = baseline(2_000, ZoneId.of("Europe/Berlin"));
    Baseline few = baseline(200, ZoneId.of("UTC"));
    int sundayLate = 6 * 24 + 23;
    assertThat(Explainer.when(learned, bucket(BucketLevel.HOUR_OF_WEEK, 1, 1), sundayLate))
        .isEqualTo("on Sundays 23:00-24:00 Europe/Berlin");
    assertThat(Explainer.when(few, bucket(BucketLevel.HOUR_OF_DAY, 1, 1), 9))
        .isEqualTo("at 09:00-10:00 UTC of any day");
    assertThat(Explainer.when(few, bucket(BucketLevel.DAY_OF_WEEK, 1, 1), 30))
        .isEqualTo("on Tuesdays, any hour");
    assertThat(Explainer.when(learned, bucket(BucketLevel.GLOBAL, 1, 1), 0))
        .isEqualTo("at any time");
    assertThat(Explainer.when(few, bucket(BucketLevel.GLOBAL, 1, 1), 0))
        .isEqualTo("at any time, still few samples");
  }

  @Test
  void units_fitTheDuration() {
    assertThat(DurationUnit.of(0).symbol()).isEqualTo("ns");
    assertThat(DurationUnit.text(12_345, DurationUnit.of(12_345))).isEqualTo("12.3 µs");
    assertThat(DurationUnit.text(5_000_000_000.0, DurationUnit.MICROSECONDS)).isEqualTo("5.00 s");
    assertThat(DurationUnit.text(0, DurationUnit.MILLISECONDS)).isEqualTo("0 ms");
    assertThat(DurationUnit.significant(89, 3)).isEqualTo("89.0");
    assertThat(DurationUnit.significant(9.996, 3)).isEqualTo("10.00");
    assertThat(DurationUnit.significant(-0.0517, 2)).isEqualTo("-0.052");
    assertThat(DurationUnit.significant(1_240, 3)).isEqualTo("1240");
    assertThat(DurationUnit.significant(1e20, 3)).isEqualTo("1.0E20");
  }

  @Test
  void settings_wrong_areRefused() {
    Duration day = Duration.ofDays(1);
    assertThatThrownBy(() -> ScoringSettings.defaults().withAllRecorded(6))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ScoringSettings(2, 500, day, day, 1_000, false))
        .hasMessageContaining("recentSpans is 1000");
    assertThatThrownBy(() -> new ScoringSettings(2, 500, day.negated(), day, 1_024, false))
        .hasMessageContaining("learnedAgeMax");
    assertThatThrownBy(() -> new ScoringSettings(2, 500, day, Duration.ofDays(5_000), 1_024, false))
        .hasMessageContaining("learnedAheadMax");
    assertThatThrownBy(() -> new TimeRange(5, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TimeRange.between(Instant.parse("1969-01-01T00:00:00Z"), Instant.MAX))
        .isInstanceOf(ArithmeticException.class);
    TimeRange range = TimeRange.between(Instant.ofEpochSecond(1), Instant.ofEpochSecond(2));
    assertThat(range.contains(999_999_999)).isFalse();
    assertThat(range.contains(1_000_000_000)).isTrue();
    assertThat(range.contains(2_000_000_000)).isFalse();
    assertThat(TimeRange.ALL.contains(0)).isTrue();
  }
}
