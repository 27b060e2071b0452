package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlarmFilterTest {
  private static final double THRESHOLD = 10;

  private final OperationIndex operations = new OperationIndex();
  private final int cart = operations.service("cart");
  private final int pay = operations.service("pay");
  private final List<Told> told = new ArrayList<>();
  private final AlarmFilter filter =
      new AlarmFilter(
          operations, (tick, raised, active, evidence) -> told.add(new Told(tick, raised, active)));

  private record Told(long tick, List<StreamAlarm> raised, List<StreamAlarm> active) {}

  private static StreamAlarm alarm(int service, Channel channel, long tick, double nats) {
    return new StreamAlarm(
        service,
        channel,
        tick - 3,
        tick,
        40,
        List.of(20L, 10L, 5L),
        0.1,
        nats,
        THRESHOLD,
        List.of(new OperationKey("cart", "GET /cart", SpanKind.SERVER)),
        List.of(),
        List.of());
  }

  private static AlarmRule rule(
      String service, Channel channel, @Nullable String operation, @Nullable Double multiplier) {
    return new AlarmRule(service, channel, operation, multiplier);
  }

  private void inForce(AlarmRule... rules) {
    filter.rules(new AlarmRules(List.of(rules)));
  }

  private Told tick(long tick, List<StreamAlarm> raised, List<StreamAlarm> active) {
    filter.onTick(tick, raised, active, TickEvidence.empty(tick));
    return told.get(told.size() - 1);
  }

  @Test
  void noRules_everythingIsTold() {
    StreamAlarm alarm = alarm(cart, Channel.ERRORS, 5, 11);

    assertThat(tick(5, List.of(alarm), List.of(alarm)))
        .isEqualTo(new Told(5, List.of(alarm), List.of(alarm)));
    assertThat(filter.quieted()).isZero();
  }

  @Test
  void muted_neitherOpensNorAdds_andIsCountedOnce() {
    inForce(rule("cart", Channel.ERRORS, null, null));
    StreamAlarm quiet = alarm(cart, Channel.ERRORS, 5, 500);
    StreamAlarm loud = alarm(pay, Channel.ERRORS, 6, 11);

    assertThat(tick(5, List.of(quiet), List.of(quiet)))
        .isEqualTo(new Told(5, List.of(), List.of()));
    assertThat(tick(6, List.of(loud), List.of(quiet, loud)))
        .isEqualTo(new Told(6, List.of(loud), List.of(loud)));
    assertThat(filter.quieted()).isEqualTo(1);
  }

  @Test
  void otherStreamOfTheService_isTold() {
    inForce(rule("cart", Channel.ERRORS, null, null), rule("pay", Channel.SURGE, null, null));
    StreamAlarm slow = alarm(cart, Channel.SELF_TIME, 5, 11);
    StreamAlarm failing = alarm(pay, Channel.ERRORS, 5, 11);

    assertThat(tick(5, List.of(slow, failing), List.of(slow, failing)).raised())
        .containsExactly(slow, failing);
  }

  @Test
  void strongerThanTheRule_isRaisedInThatTick_andStaysTold() {
    inForce(rule("cart", Channel.ERRORS, null, 2.0));
    StreamAlarm weak = alarm(cart, Channel.ERRORS, 5, 19.9);
    StreamAlarm strong = alarm(cart, Channel.ERRORS, 5, 20);

    assertThat(tick(5, List.of(weak), List.of(weak)).active()).isEmpty();
    Told crossing = tick(7, List.of(), List.of(strong));
    assertThat(crossing.raised()).containsExactly(strong.raisedAt(7));
    assertThat(crossing.active()).containsExactly(strong);
    Told after = tick(8, List.of(), List.of(weak));
    assertThat(after.raised()).isEmpty();
    assertThat(after.active()).containsExactly(weak);
  }

  @Test
  void acceptedWhileInAlarm_endsIt_andRevertedRaisesIt() {
    StreamAlarm alarm = alarm(cart, Channel.ERRORS, 5, 11);
    tick(5, List.of(alarm), List.of(alarm));

    inForce(rule("cart", Channel.ERRORS, null, 1.5));
    assertThat(tick(6, List.of(), List.of(alarm))).isEqualTo(new Told(6, List.of(), List.of()));
    inForce();
    Told again = tick(7, List.of(), List.of(alarm));

    assertThat(again.raised()).extracting(StreamAlarm::tick).containsExactly(7L);
    assertThat(again.active()).containsExactly(alarm);
    assertThat(filter.quieted()).isEqualTo(1);
  }

  @Test
  void silentAlarmThatEnded_isForgotten() {
    inForce(rule("cart", Channel.ERRORS, null, 1.5));
    StreamAlarm weak = alarm(cart, Channel.ERRORS, 5, 11);
    tick(5, List.of(weak), List.of(weak));
    tick(6, List.of(), List.of());
    inForce();

    assertThat(tick(7, List.of(), List.of())).isEqualTo(new Told(7, List.of(), List.of()));
    StreamAlarm next = alarm(cart, Channel.ERRORS, 8, 11);
    assertThat(tick(8, List.of(next), List.of(next)).raised()).containsExactly(next);
  }

  @Test
  void ruleOfAnOperation_quietsOnlyWhatItCarriesMost() {
    StreamAlarm alarm = alarm(cart, Channel.ERRORS, 5, 11);
    inForce(rule("cart", Channel.ERRORS, "PUT /cart", null));
    assertThat(tick(5, List.of(alarm), List.of(alarm)).raised()).containsExactly(alarm);

    inForce(rule("cart", Channel.ERRORS, "GET /cart", null));
    assertThat(tick(6, List.of(), List.of(alarm)).active()).isEmpty();
  }

  @Test
  void severalRules_theWidestCounts() {
    inForce(rule("cart", Channel.ERRORS, null, 1.1), rule("cart", Channel.ERRORS, null, 3.0));
    StreamAlarm alarm = alarm(cart, Channel.ERRORS, 5, 29);

    assertThat(tick(5, List.of(alarm), List.of(alarm)).raised()).isEmpty();
  }

  @Test
  void rule_multiplierThatRaisesNothing_isRefused() {
    for (double wrong : new double[] {1, 0, -2, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> rule("cart", Channel.ERRORS, null, wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("multiplier");
    }
  }
}
