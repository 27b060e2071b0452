package io.krystaline.sink.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Every figure here was computed by hand; times are seconds after the start of two hours. */
class JudgeTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Judge JUDGE = new Judge(JudgeSettings.DEFAULT);

  /** Two hours; faults at 1,000 and 3,000 s that count, one at 5,000 s that does not. */
  private static final Labels LABELS =
      new Labels(
          List.of(seconds(0, 7_200)),
          List.of(
              fault("b", "cart", "errors", 3_000, 3_180, true),
              fault("a", "payment", "latency", 1_000, 1_180, true),
              fault("c", "search", "latency", 5_000, 5_180, false)),
          List.of(seconds(6_000, 6_300)),
          4);

  @Test
  void judge_noIncidents_findsNothing_andHasNoMedians() {
    Judgement judgement = JUDGE.judge(LABELS, List.of());

    assertThat(judgement.scorableWindows()).isEqualTo(2);
    assertThat(judgement.found()).isZero();
    assertThat(judgement.foundShare()).isZero();
    assertThat(judgement.falseIncidents()).isZero();
    assertThat(judgement.incidents()).isZero();
    assertThat(judgement.incidentSecondsMedian()).isNull();
    assertThat(judgement.incidentSecondsLongest()).isNull();
    assertThat(judgement.incidentSecondsTotal()).isZero();
    assertThat(judgement.secondsToDetectMedian()).isNull();
    assertThat(judgement.chance().found()).isZero();
    assertThat(judgement.coveredHours()).isEqualTo(2);
    // 7,200 s less three faults of 180 + 120 s, less 300 s unlabelled: 6,000 s.
    assertThat(judgement.faultFreeHours()).isCloseTo(6_000 / 3_600.0, within(1e-12));
  }

  @Test
  void judge_theFirstIncidentInTheWindow_givesTimeAndSuspects() {
    Judgement judgement =
        JUDGE.judge(
            LABELS,
            List.of(
                incident("late", 1_100, 1_100, 1_200, "payment"),
                incident("first", 1_020, 1_030, 1_200, "gateway", "gateway", "payment"),
                incident("cart", 3_240, 3_240, 3_300, "cart", "gateway")));

    assertThat(judgement.found()).isEqualTo(2);
    Judgement.WindowVerdict payment = judgement.windows().get(0);
    assertThat(payment.id()).isEqualTo("a");
    assertThat(payment.incident()).isEqualTo("first");
    assertThat(payment.secondsToDetect()).isEqualTo(30);
    assertThat(payment.rank()).isEqualTo(3);
    assertThat(payment.incidentsOpened()).isEqualTo(2);
    // 60 s after its end is still in time.
    assertThat(judgement.windows().get(1).secondsToDetect()).isEqualTo(240);
    assertThat(judgement.secondsToDetectMedian()).isEqualTo(135);
    assertThat(judgement.top1()).isEqualTo(1);
    assertThat(judgement.top3()).isEqualTo(2);
    assertThat(judgement.top5()).isEqualTo(2);
    assertThat(judgement.falseIncidents()).isZero();
    assertThat(judgement.falseIncidentsStrict()).isZero();
    // 100, 180 and 60 s long.
    assertThat(judgement.incidentSecondsMedian()).isEqualTo(100);
    assertThat(judgement.incidentSecondsLongest()).isEqualTo(180);
    assertThat(judgement.incidentSecondsTotal()).isEqualTo(340);
  }

  @Test
  void judge_aMomentTooLate_isMissedButNotFalse() {
    Judgement judgement =
        JUDGE.judge(LABELS, List.of(incident("x", 1_240, 1_241, 1_250, "payment")));

    assertThat(judgement.found()).isZero();
    assertThat(judgement.falseIncidents()).isZero();
    assertThat(judgement.falseIncidentsStrict()).isZero();
    assertThat(judgement.windows().get(0).incidentsOpened()).isEqualTo(1);
  }

  @Test
  void judge_opensBeforeAFaultAndLastsIntoIt_isFalseOnlyStrictly() {
    Judgement judgement = JUDGE.judge(LABELS, List.of(incident("x", 900, 900, 1_050, "payment")));

    assertThat(judgement.found()).isZero();
    assertThat(judgement.falseIncidents()).isZero();
    assertThat(judgement.falseIncidentsStrict()).isEqualTo(1);
    assertThat(judgement.falsePerHourStrict()).isCloseTo(0.6, within(1e-12));
    assertThat(judgement.falseOnes().get(0).touchesNothing()).isFalse();
  }

  @Test
  void judge_awayFromEverything_isFalse_plainAndStrict() {
    Judgement judgement = JUDGE.judge(LABELS, List.of(incident("x", 2_000, 2_000, 2_060, "cart")));

    assertThat(judgement.falseIncidents()).isEqualTo(1);
    assertThat(judgement.falsePerHour()).isCloseTo(0.6, within(1e-12));
    assertThat(judgement.falseIncidentsStrict()).isEqualTo(1);
    assertThat(judgement.falseOnes().get(0).incident()).isEqualTo("x");
    assertThat(judgement.falseOnes().get(0).seconds()).isEqualTo(60);
  }

  @Test
  void judge_faultsThatDoNotCount_andUnlabelledIntervals_excuse() {
    Judgement judgement =
        JUDGE.judge(
            LABELS,
            List.of(
                incident("c", 5_010, 5_010, 5_100, "search"),
                incident("tail", 5_290, 5_290, 5_400, "search"),
                incident("u", 6_100, 6_100, 6_200, "search")));

    assertThat(judgement.found()).isZero();
    assertThat(judgement.falseIncidents()).isZero();
    assertThat(judgement.falseIncidentsStrict()).isZero();
    assertThat(judgement.incidentsInWindows()).isEqualTo(3);
  }

  @Test
  void judge_openIncident_lastsToTheEndOfWhatIsCovered() {
    Judgement judgement =
        JUDGE.judge(
            LABELS,
            List.of(
                new JudgedIncident(
                    "x", 200 * SECOND, 200 * SECOND, OptionalLong.empty(), List.of())));

    assertThat(judgement.incidentSecondsTotal()).isEqualTo(7_000);
    assertThat(judgement.found()).isZero();
    assertThat(judgement.falseIncidents()).isZero();
    assertThat(judgement.falseIncidentsStrict()).isEqualTo(1);
  }

  @Test
  void judge_chance_isTheClosedForm() {
    List<JudgedIncident> incidents =
        List.of(
            incident("1", 1_000, 1_000, 1_010, "payment", "cart", "search", "gateway", "ads"),
            incident("2", 3_000, 3_000, 3_010, "cart"),
            incident("3", 6_500, 6_500, 6_510, "cart"));

    Judgement.Chance chance = JUDGE.judge(LABELS, incidents).chance();

    // Each window is 240 of 7,200 s: 2 * (1 - (29/30)^3).
    assertThat(chance.found()).isCloseTo(2 * (1 - Math.pow(29 / 30.0, 3)), within(1e-12));
    // Five services were seen, more than the labels' four.
    assertThat(chance.services()).isEqualTo(5);
    assertThat(chance.top1()).isEqualTo(0.2);
    assertThat(chance.top3()).isEqualTo(0.6, within(1e-12));
    assertThat(chance.top5()).isEqualTo(1);
  }

  @Test
  void judge_coverageWithGaps_isTheUnion_andCutsTheWindow() {
    Labels labels =
        new Labels(
            List.of(seconds(500, 1_000), seconds(0, 600), seconds(2_000, 3_000)),
            List.of(fault("a", "cart", "latency", 950, 1_400, true)),
            List.of(),
            0);

    Judgement judgement = JUDGE.judge(labels, List.of(incident("x", 2_100, 2_100, 2_110, "cart")));

    assertThat(judgement.coveredHours()).isCloseTo(2_000 / 3_600.0, within(1e-12));
    assertThat(judgement.faultFreeHours()).isCloseTo(1_950 / 3_600.0, within(1e-12));
    assertThat(judgement.chance().found()).isCloseTo(50 / 2_000.0, within(1e-12));
    assertThat(judgement.chance().servicesFrom()).isEqualTo("labels and suspects");
  }

  @Test
  void judge_byKind_groupsTheScorableOnes() {
    Judgement judgement =
        JUDGE.judge(LABELS, List.of(incident("x", 1_010, 1_010, 1_100, "payment")));

    assertThat(judgement.kinds())
        .containsExactly(
            new Judgement.KindFigures("errors", 1, 0, null, 0, 0, 0),
            new Judgement.KindFigures("latency", 1, 1, 10.0, 1, 1, 1));
  }

  @Test
  void within_aPartOfTheTime_keepsWindowsThatLieInIt() {
    Labels part = LABELS.within(seconds(1_100, 5_000));

    assertThat(part.covered()).containsExactly(seconds(1_100, 5_000));
    assertThat(part.faults().stream().filter(FaultWindow::scorable).map(FaultWindow::id))
        .containsExactly("b");
    assertThat(part.faults()).hasSize(3);
  }

  @Test
  void labels_thatCoverNothing_areRefused() {
    assertThatThrownBy(() -> new Labels(List.of(seconds(5, 5)), List.of(), List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cover no time");
    assertThatThrownBy(() -> LABELS.within(seconds(8_000, 9_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void report_namesMissedAndUnjudgedWindows_andFalseIncidents() {
    String text =
        JudgementReport.text(
            JUDGE.judge(
                LABELS,
                List.of(
                    incident("one", 1_010, 1_010, 1_100, "payment"),
                    incident("two", 2_000, 2_000, 2_060, "cart"))));

    assertThat(text)
        .contains("MISSED", "unjudged", "10 s", "FALSE two opened", "found 1 of 2 windows (50 %)")
        .contains("false incidents: 1, 0.60 an hour")
        .contains("(4 services, from the labels' count)");
  }

  private static Interval seconds(long from, long to) {
    return new Interval(from * SECOND, to * SECOND);
  }

  private static FaultWindow fault(
      String id, String service, String kind, long from, long to, boolean scorable) {
    return new FaultWindow(id, service, kind, seconds(from, to), scorable);
  }

  private static JudgedIncident incident(
      String id, long start, long detected, long end, String... suspects) {
    return new JudgedIncident(
        id, start * SECOND, detected * SECOND, OptionalLong.of(end * SECOND), List.of(suspects));
  }
}
