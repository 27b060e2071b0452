package io.krystaline.sink.recalculate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "0 3 * * *, 2026-11-21T02:59:59.999Z, 2026-11-21T03:00:00Z",
        "0 3 * * *, 2026-11-21T03:00:00Z, 2026-11-22T03:00:00Z",
        "* * * * *, 2026-11-21T03:00:00Z, 2026-11-21T03:01:00Z",
        "* * * * *, 2026-11-21T03:00:59.5Z, 2026-11-21T03:01:00Z",
        "*/15 * * * *, 2026-11-21T03:31:00Z, 2026-11-21T03:45:00Z",
        "5/20 * * * *, 2026-11-21T03:26:00Z, 2026-11-21T03:45:00Z",
        "\"1,2,40-50/5 8-10 * * *\", 2026-11-21T10:41:00Z, 2026-11-21T10:45:00Z",
        "59 23 31 12 *, 2026-12-31T23:59:00Z, 2027-12-31T23:59:00Z",
        "0 0 * * 0, 2026-11-21T00:00:00Z, 2026-11-22T00:00:00Z",
        "0 0 * * 7, 2026-11-21T00:00:00Z, 2026-11-22T00:00:00Z",
        "0 0 * * mon-fri, 2026-11-21T00:00:00Z, 2026-11-23T00:00:00Z",
        "0 0 * * 5-7, 2026-11-22T00:00:00Z, 2026-11-27T00:00:00Z",
        "0 0 1 jan *, 2026-11-21T00:00:00Z, 2027-01-01T00:00:00Z",
        "0 0 13 * FRI, 2026-11-21T00:00:00Z, 2026-11-27T00:00:00Z",
        "0 0 29 2 *, 2096-03-01T00:00:00Z, 2104-02-29T00:00:00Z",
      })
  void next_inUtc_isTheFirstTimeAfter(String expression, String after, String expected) {
    CronSchedule schedule = CronSchedule.parse(expression, ZoneOffset.UTC);

    assertThat(schedule.next(Instant.parse(after))).contains(Instant.parse(expected));
  }

  @Test
  void next_dayThatNeverComes_isEmpty() {
    assertThat(CronSchedule.parse("0 0 30 2 *", ZoneOffset.UTC).next(Instant.EPOCH)).isEmpty();
  }

  @Test
  void next_timeThatTheClocksSkip_isDueAtTheChangeAndOnlyOnce() {
    CronSchedule schedule = CronSchedule.parse("30 2 * * *", BERLIN);

    Instant due = schedule.next(Instant.parse("2026-03-28T12:00:00Z")).orElseThrow();

    assertThat(due).isEqualTo(Instant.parse("2026-03-29T01:00:00Z"));
    assertThat(schedule.next(due)).contains(Instant.parse("2026-03-30T00:30:00Z"));
  }

  @Test
  void next_timeThatTheClocksShowTwice_isDueTheFirstTimeOnly() {
    CronSchedule schedule = CronSchedule.parse("30 2 * * *", BERLIN);

    Instant due = schedule.next(Instant.parse("2026-10-24T12:00:00Z")).orElseThrow();

    assertThat(due).isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
    assertThat(schedule.next(due)).contains(Instant.parse("2026-10-26T01:30:00Z"));
  }

  @Test
  void next_zoneThatSkippedAWholeDay_goesOn() {
    CronSchedule schedule = CronSchedule.parse("0 3 * * *", ZoneId.of("Pacific/Apia"));

    Instant due = schedule.next(Instant.parse("2011-12-29T14:00:00Z")).orElseThrow();

    assertThat(due).isEqualTo(Instant.parse("2011-12-30T10:00:00Z"));
    assertThat(schedule.next(due)).contains(Instant.parse("2011-12-30T13:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 8",
        "5-1 * * * *",
        "*/0 * * * *",
        "a * * * *",
        ", * * * *",
        "1- * * * *",
        "-1 * * * *",
        "1/ * * * *",
        "* * * foo *",
        "\u0661 * * * *",
        "@daily"
      })
  void parse_whatIsNoExpression_isRefused(String expression) {
    assertThatThrownBy(() -> CronSchedule.parse(expression, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cron expression");
  }
}
