package io.krystaline.engine.detect;

import static io.krystaline.engine.detect.Traffic.between;
import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.detect.Traffic.Outcome;
import io.krystaline.engine.detect.Traffic.Raised;
import io.krystaline.engine.detect.Traffic.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectorTest {
  /** A fault begins after twenty minutes and lasts for one. */
  private static final double FROM = 1_200;

  private static final double TO = 1_260;
  private static final double END = 1_500;

  // Faults, each where it is.

  @Test
  void slowOperation_alarmsItsOwnTime_andNothingElse() {
    Traffic traffic = new Traffic(1);
    traffic.slowdown.put("pay", between(FROM, TO, 6, 1));

    Outcome outcome = traffic.detect(traffic.spans(0, END));

    assertFoundWithin(outcome, 30, "pay", Channel.SELF_TIME);
    Raised first = first(outcome, "pay", Channel.SELF_TIME);
    assertThat(first.alarm().operations().get(0).operation()).isEqualTo("charge");
    assertThat(first.alarm().unusualTraces()).isNotEmpty().doesNotHaveDuplicates();
    assertThat(first.alarm().normalTraces()).isNotEmpty();
    assertThat(first.alarm().exceeding()).isBetween(3L, first.alarm().spans());
    assertThat(first.alarm().nats()).isGreaterThanOrEqualTo(first.alarm().threshold());
  }

  @Test
  void slowNetwork_alarmsTheCallsIntoAndOutOf_andNobodysOwnTime() {
    Traffic traffic = new Traffic(2);
    traffic.network.put("pay", between(FROM, TO, 80, 0));

    Outcome outcome = traffic.detect(traffic.spans(0, END));

    assertFoundWithin(outcome, 30, "pay", Channel.GAP_IN);
    assertThat(outcome.raised)
        .anyMatch(raised -> raised.is("shop", Channel.GAP_OUT))
        .allMatch(
            raised -> raised.channel() == Channel.GAP_IN || raised.channel() == Channel.GAP_OUT)
        .allMatch(raised -> List.of("pay", "shop").contains(raised.service()));
  }

  @Test
  void missingChildren_alarmTheStructureOfTheCaller() {
    Traffic traffic = new Traffic(3);
    traffic.left.put("pay", between(FROM, TO, 1, 0));

    Outcome outcome = traffic.detect(traffic.spans(0, END));

    assertFoundWithin(outcome, 45, "shop", Channel.FEW_CHILDREN, Channel.RARE_CHILDREN);
    assertThat(outcome.raised).allMatch(raised -> raised.service().equals("shop"));
  }

  @Test
  void failures_alarmTheServiceInWhichTheyBegin() {
    Traffic traffic = new Traffic(4);
    traffic.failing.put("pay", seconds -> 0.002);
    traffic.failing.put("cart", seconds -> 0.002);
    traffic.failing.put("pay", between(FROM, TO, 0.4, 0.002));

    Outcome outcome = traffic.detect(traffic.spans(0, END));

    assertFoundWithin(outcome, 30, "pay", Channel.ERRORS);
    assertThat(outcome.raised).allMatch(raised -> raised.is("pay", Channel.ERRORS));
  }

  @Test
  void callsThatGetNoAnswer_blameWhoDoesNotAnswer() {
    Traffic traffic = new Traffic(5);
    traffic.dead.put("pay", between(FROM, TO, 1, 0));

    Outcome outcome = traffic.detect(traffic.spans(0, END));

    assertFoundWithin(outcome, 30, "pay", Channel.ERRORS);
    assertThat(outcome.raised)
        .filteredOn(raised -> raised.channel() == Channel.ERRORS)
        .allMatch(raised -> raised.service().equals("pay"));
  }

  @Test
  void messagesThatWait_alarmTheConsumersQueue() {
    Traffic traffic = new Traffic(6);
    traffic.waiting = between(FROM, TO, 400, 0);

    Outcome outcome = traffic.detect(traffic.spans(0, END));

    assertFoundWithin(outcome, 30, "mailer", Channel.QUEUE_DELAY);
  }

  @Test
  void parentsThatDoNotCome_alarmTheirService() {
    Traffic traffic = new Traffic(7);
    traffic.lost.put("shop", between(FROM, TO, 0.9, 0));

    Outcome outcome = traffic.detect(traffic.spans(0, END));

    assertThat(outcome.raised).anyMatch(raised -> raised.is("shop", Channel.ORPHANS));
    Raised orphans = first(outcome, "shop", Channel.ORPHANS);
    // A trace without its parent is waited for as long as a trace may be idle.
    assertThat(orphans.seconds()).isBetween(FROM, TO + 90);
  }

  @Test
  void surgeAndSilence_alarmAgainstTheSeason_andOnlyWithOne() {
    Traffic traffic = new Traffic(8);
    double day = 86_400;
    double surge = day + 1_200;
    double silence = day + 3_600;
    traffic.rate = between(surge, surge + 60, 12, 1.2);
    traffic.left.put("cart", between(silence, silence + 60, 1, 0));

    Outcome outcome = traffic.detect(traffic.overTwoDays(4_500));

    Raised surged = first(outcome, "gateway", Channel.SURGE);
    assertThat(surged.seconds()).isBetween(surge, surge + 30);
    assertThat(surged.alarm().onsetTick()).isBetween(tick(surge) - 2, surged.alarm().tick());
    Raised silent = first(outcome, "cart", Channel.SILENCE);
    assertThat(silent.seconds()).isBetween(silence, silence + 45);
    assertThat(silent.alarm().onsetTick()).isBetween(tick(silence) - 2, silent.alarm().tick());
    assertThat(outcome.raised)
        .allMatch(raised -> raised.seconds() >= surge && raised.seconds() <= silence + 90);
    assertThat(outcome.raised)
        .filteredOn(raised -> raised.channel() == Channel.SILENCE)
        .allMatch(raised -> raised.service().equals("cart"));
  }

  // What is no fault.

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void cleanTraffic_raisesNothing(long seed) {
    Traffic traffic = new Traffic(seed);
    traffic.failing.put("cart", seconds -> 0.01);
    traffic.left.put("pay", seconds -> 0.01);

    assertThat(traffic.detect(traffic.spans(0, 5_400)).raised).isEmpty();
  }

  /** Shares around a level: what crosses it must not look like something that never was. */
  @ParameterizedTest
  @ValueSource(doubles = {0.0011, 0.0105, 0.03, 0.11, 0.3})
  void serviceThatAlwaysFailsSometimes_raisesNothing(double share) {
    Traffic traffic = new Traffic(26);
    traffic.failing.put("cart", seconds -> share);
    traffic.lost.put("pay", seconds -> share);

    assertThat(traffic.detect(traffic.spans(0, 2_400)).raised)
        .filteredOn(one -> one.channel() == Channel.ERRORS || one.channel() == Channel.ORPHANS)
        .isEmpty();
  }

  @Test
  void serviceThatFailsOften_andThenMostly_isFound() {
    Traffic traffic = new Traffic(27);
    traffic.failing.put("pay", between(FROM, TO, 0.9, 0.15));

    assertFoundWithin(traffic.detect(traffic.spans(0, END)), 30, "pay", Channel.ERRORS);
  }

  @Test
  void otherMixOfRequests_raisesNothing() {
    Traffic traffic = new Traffic(14);
    traffic.checkouts = between(FROM, END, 0.9, 0.1);

    assertThat(traffic.detect(traffic.spans(0, END)).raised).isEmpty();
  }

  @Test
  void otherLoad_withoutASeason_raisesNothing() {
    Traffic traffic = new Traffic(15);
    traffic.rate = seconds -> seconds < FROM ? 8 : seconds < FROM + 60 ? 40 : 1;

    assertThat(traffic.detect(traffic.spans(0, END)).raised).isEmpty();
  }

  @Test
  void gapsInTheStream_raiseNothing() {
    Traffic traffic = new Traffic(16);
    List<Span> spans = new ArrayList<>(traffic.spans(0, 600));
    spans.addAll(traffic.spans(5_000, 5_600));
    spans.addAll(traffic.spans(3 * 86_400, 3 * 86_400 + 600));

    assertThat(traffic.detect(spans).raised).isEmpty();
  }

  @Test
  void slowBelowTheMargin_raisesNothing() {
    Traffic traffic = new Traffic(17);
    traffic.slowdown.put("pay", between(FROM, END, 1.25, 1));

    assertThat(traffic.detect(traffic.spans(0, END)).raised).isEmpty();
  }

  @Test
  void nothing_raisesNothing() {
    Traffic traffic = new Traffic(18);
    Outcome outcome = traffic.detect(List.of());
    assertThat(outcome.raised).isEmpty();
    assertThat(outcome.counts).isEqualTo(new DetectionCounts(0, 0, 0, 0, 0));
    assertThat(traffic.detect(traffic.spans(0, 2)).raised).isEmpty();
  }

  // The same for every order.

  @Test
  void shuffledAndRepeatedSpans_giveTheSameAlarms() {
    Traffic traffic = faulty(19);
    List<Span> spans = traffic.spans(0, END);
    List<Raised> expected = traffic.detect(spans).raised;
    assertThat(expected).isNotEmpty();
    List<Span> shuffled = Traffic.shuffled(spans, Duration.ofSeconds(5), 1);
    assertThat(traffic.detect(shuffled).raised).isEqualTo(expected);
    List<Span> repeated = new ArrayList<>();
    for (int i = 0; i < shuffled.size(); i++) {
      repeated.add(shuffled.get(i));
      if (i % 7 == 0) {
        repeated.add(shuffled.get(Math.max(0, i - i % 500)));
      }
    }
    assertThat(traffic.detect(repeated).raised).isEqualTo(expected);
  }

  // Over time.

  @Test
  void alarm_endsSoonAfterItsFault_andASecondFaultIsFound() {
    Traffic traffic = new Traffic(20);
    traffic.slowdown.put(
        "pay",
        seconds ->
            (seconds >= FROM && seconds < TO) || (seconds >= FROM + 600 && seconds < TO + 600)
                ? 6
                : 1);

    Outcome outcome = traffic.detect(traffic.spans(0, END + 600));

    assertThat(outcome.isActive(TO - 10)).isTrue();
    assertThat(outcome.isActive(TO + 30)).isTrue();
    assertThat(outcome.isActive(TO + 180)).isFalse();
    assertThat(outcome.raised)
        .anyMatch(
            raised ->
                raised.is("pay", Channel.SELF_TIME)
                    && raised.seconds() >= FROM + 600
                    && raised.seconds() <= FROM + 630);
    assertThat(outcome.raised).filteredOn(raised -> raised.is("pay", Channel.SELF_TIME)).hasSize(2);
  }

  @Test
  void alarm_thatLastsTenMinutes_isTheNewNormal() {
    Traffic traffic = new Traffic(21);
    traffic.slowdown.put("pay", between(FROM, 1e9, 6, 1));

    Outcome outcome = traffic.detect(traffic.spans(0, FROM + 3_600));

    assertThat(outcome.raised)
        .filteredOn(raised -> raised.is("pay", Channel.SELF_TIME))
        .hasSize(1)
        .allMatch(raised -> raised.seconds() <= FROM + 30);
    assertThat(outcome.isActive(FROM + 560)).isTrue();
    assertThat(outcome.isActive(FROM + 700)).isFalse();
  }

  @Test
  void budget_tenTimesAsLargeOrSmall_changesLittle() {
    Traffic traffic = faulty(22);
    List<Span> spans = traffic.spans(0, END);
    List<Double> detected = new ArrayList<>();
    for (double perDay : new double[] {0.1, 1, 10}) {
      DetectionSettings settings = DetectionSettings.DEFAULTS.withFalseIncidentsPerDay(perDay);
      Outcome outcome = traffic.detect(settings, List.of(), spans);
      detected.add(first(outcome, "pay", Channel.SELF_TIME).seconds() - FROM);
    }
    assertThat(detected.get(0)).isBetween(0.0, 40.0);
    assertThat(detected.get(0) - detected.get(2)).isBetween(0.0, 10.0);
    assertThat(detected.get(1)).isBetween(detected.get(2), detected.get(0));
  }

  @Test
  void training_teaches_andRaisesNothing() {
    Traffic traffic = faulty(23);
    List<Span> withAFault = traffic.spans(0, END);
    assertThat(traffic.detect(DetectionSettings.DEFAULTS, withAFault, List.of()).raised).isEmpty();

    traffic.slowdown.clear();
    List<Span> clean = traffic.spans(0, FROM);
    traffic.slowdown.put("cart", between(END + 20, END + 80, 6, 1));
    List<Span> spans = traffic.spans(END, END + 100);

    assertThat(traffic.detect(spans).raised).isEmpty();
    assertThat(traffic.detect(DetectionSettings.DEFAULTS, clean, spans).raised)
        .anyMatch(raised -> raised.is("cart", Channel.SELF_TIME) && raised.seconds() < END + 50)
        .allMatch(raised -> raised.seconds() >= END + 20);
  }

  // Limits.

  @Test
  void limits_areKept_andCounted() {
    Traffic traffic = faulty(25);
    List<Span> spans = traffic.spans(0, END);
    DetectionSettings all = DetectionSettings.DEFAULTS;
    DetectionSettings few =
        new DetectionSettings(
            all.falseIncidentsPerDay(),
            all.margin(),
            all.marginFactor(),
            all.blockSpans(),
            all.blockTicksMax(),
            all.learningDelay(),
            all.halfLife(),
            all.alarmEnd(),
            all.acceptAfter(),
            5,
            2);

    Outcome outcome = traffic.detect(few, List.of(), spans);

    assertThat(outcome.counts.keys()).isEqualTo(5);
    assertThat(outcome.counts.refusedKeys()).isPositive();
    assertThat(outcome.counts.streams()).isLessThanOrEqualTo(22);
    Outcome free = traffic.detect(spans);
    assertThat(free.counts.refusedKeys()).isZero();
    assertThat(free.counts.refusedObservations()).isZero();
    assertThat(free.counts.alarms()).isZero();
  }

  private static long tick(double seconds) {
    return (Traffic.EPOCH + (long) (seconds * Traffic.SECOND)) / Traffic.TICK.toNanos();
  }

  private static Traffic faulty(long seed) {
    Traffic traffic = new Traffic(seed);
    traffic.slowdown.put("pay", between(FROM, TO, 6, 1));
    return traffic;
  }

  private static Raised first(Outcome outcome, String service, Channel channel) {
    return outcome.raised.stream()
        .filter(raised -> raised.is(service, channel))
        .findFirst()
        .orElseThrow();
  }

  private static void assertFoundWithin(
      Outcome outcome, double seconds, String service, Channel... channels) {
    assertThat(outcome.raised).as("alarms").isNotEmpty();
    Raised first = outcome.raised.get(0);
    assertThat(first.seconds()).as("%s", first).isBetween(FROM, FROM + seconds);
    assertThat(first.alarm().onsetTick()).isLessThanOrEqualTo(first.alarm().tick());
    assertThat(outcome.raised)
        .anyMatch(
            raised ->
                raised.service().equals(service) && List.of(channels).contains(raised.channel()));
  }
}
