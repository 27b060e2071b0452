package io.krystaline.sink.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.sink.traffic.SimulatedSpans.One;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault shows where it should, and only from its start to its end. */
class FaultEffectTest {
  private static final long SECOND = Season.SECOND;
  private static final long START = SimulatedSpans.NOON_NANOS + 200 * SECOND;
  private static final long END = START + 200 * SECOND;
  private static final TrafficSettings SETTINGS = new TrafficSettings(11, 20, 1);

  @Test
  void latency_slowsTheServicesOwnWork() {
    SimulatedSpans spans = run(FaultKind.LATENCY, "session", "");

    assertThat(during(spans.servers("session")).medianMillis())
        .isGreaterThan(2 * before(spans.servers("session")).medianMillis());
    assertThat(during(spans.servers("pricing")).medianMillis())
        .isLessThan(1.3 * before(spans.servers("pricing")).medianMillis());
    assertThat(after(spans.servers("session")).medianMillis())
        .isLessThan(1.3 * before(spans.servers("session")).medianMillis());
  }

  @Test
  void cpuStarvation_slowsWork_andTheWayToIt() {
    SimulatedSpans spans = run(FaultKind.CPU_STARVATION, "pricing", "");
    SimulatedSpans calls = spans.named("storefront", SpanKind.SPAN_KIND_CLIENT, "POST /quote");

    double slower =
        during(spans.servers("pricing")).medianMillis()
            - before(spans.servers("pricing")).medianMillis();
    double callsSlower = during(calls).medianMillis() - before(calls).medianMillis();
    assertThat(slower).isGreaterThan(4);
    assertThat(callsSlower).isGreaterThan(slower + 5);
  }

  @Test
  void networkDelay_showsOnlyOnTheCaller() {
    SimulatedSpans spans = run(FaultKind.NETWORK_DELAY, "pricing", "");
    SimulatedSpans calls = spans.named("storefront", SpanKind.SPAN_KIND_CLIENT, "POST /quote");

    assertThat(during(calls).medianMillis()).isGreaterThan(before(calls).medianMillis() + 30);
    assertThat(during(spans.servers("pricing")).medianMillis())
        .isLessThan(1.3 * before(spans.servers("pricing")).medianMillis());
  }

  @Test
  void errors_failTheServicesSpans() {
    SimulatedSpans spans = run(FaultKind.ERRORS, "catalog", "").servers("catalog");

    assertThat(during(spans).failedShare()).isBetween(0.15, 0.6);
    assertThat(before(spans).failedShare()).isLessThan(0.02);
    assertThat(after(spans).failedShare()).isLessThan(0.02);
  }

  @Test
  void dependencyDown_failsTheCallsToIt_atOnce() {
    SimulatedSpans spans = run(FaultKind.DEPENDENCY_DOWN, "payment", "EXTERNAL");
    SimulatedSpans calls = spans.named("payment", SpanKind.SPAN_KIND_CLIENT, "POST cards.example");

    assertThat(during(calls).failedShare()).isGreaterThan(0.5);
    assertThat(during(calls.only(One::failed)).medianMillis()).isLessThan(3);
    assertThat(during(spans.servers("payment")).failedShare()).isGreaterThan(0.5);
    assertThat(during(spans.servers("storefront")).failedShare())
        .isGreaterThan(before(spans.servers("storefront")).failedShare());
  }

  @Test
  void surge_multipliesOneEntry() {
    SimulatedSpans spans = run(FaultKind.SURGE, "storefront", "GET /search");
    SimulatedSpans entry = spans.named("storefront", SpanKind.SPAN_KIND_SERVER, "GET /search");
    SimulatedSpans other = spans.named("storefront", SpanKind.SPAN_KIND_SERVER, "GET /");

    assertThat(during(entry).count()).isGreaterThan(4 * before(entry).count());
    assertThat(during(other).count() / (double) before(other).count()).isBetween(0.7, 1.4);
  }

  @Test
  void serviceSilent_sendsNothing_andItsCallersFail() {
    SimulatedSpans spans = run(FaultKind.SERVICE_SILENT, "session", "");
    SimulatedSpans calls = spans.named("storefront", SpanKind.SPAN_KIND_CLIENT, "GET /session");

    assertThat(spans.servers("session").only(FaultEffectTest::wellWithin).count()).isZero();
    assertThat(before(spans.servers("session")).count()).isPositive();
    assertThat(after(spans.servers("session")).count()).isPositive();
    assertThat(calls.only(FaultEffectTest::wellWithin).failedShare()).isEqualTo(1);
  }

  @Test
  void entrySilent_receivesNothing() {
    SimulatedSpans spans = run(FaultKind.ENTRY_SILENT, "partner-gateway", "");

    assertThat(spans.servers("partner-gateway").only(FaultEffectTest::wellWithin).count()).isZero();
    assertThat(after(spans.servers("partner-gateway")).count()).isPositive();
    assertThat(during(spans.servers("storefront")).count()).isPositive();
  }

  @Test
  void missingChildren_leavesOutOneCall_withoutAnError() {
    SimulatedSpans spans = run(FaultKind.MISSING_CHILDREN, "cart", "GET /stock/{id}");
    SimulatedSpans calls = spans.named("cart", SpanKind.SPAN_KIND_CLIENT, "GET /stock/{id}");

    assertThat(calls.only(FaultEffectTest::wellWithin).count()).isZero();
    assertThat(before(calls).count()).isPositive();
    assertThat(during(spans.servers("cart")).failedShare()).isLessThan(0.05);
  }

  @Test
  void lostSpans_leaveOrphans() {
    SimulatedSpans spans = run(FaultKind.LOST_SPANS, "catalog", "");
    Set<Long> ids = new HashSet<>();
    spans.spans().forEach(one -> ids.add(one.spanId()));
    SimulatedSpans queries = spans.named("catalog", SpanKind.SPAN_KIND_CLIENT, "SELECT items");

    SimulatedSpans orphans = queries.only(one -> !ids.contains(one.parentId()));
    assertThat(during(orphans).count() / (double) during(queries).count()).isBetween(0.4, 0.6);
    assertThat(before(orphans).count()).isLessThan(before(queries).count() / 50);
  }

  @Test
  void lateSpans_comeAMinuteLater() {
    SimulatedSpans catalog = run(FaultKind.LATE_SPANS, "catalog", "").servers("catalog");

    long second = SECOND;
    assertThat(during(catalog).spans())
        .allSatisfy(
            one ->
                assertThat(
                        one.message()
                            - (one.span().getEndTimeUnixNano() - SimulatedSpans.NOON_NANOS)
                                / second)
                    .isBetween(55L, 105L));
    assertThat(after(catalog).spans())
        .allSatisfy(
            one ->
                assertThat(
                        one.message()
                            - (one.span().getEndTimeUnixNano() - SimulatedSpans.NOON_NANOS)
                                / second)
                    .isLessThan(5));
  }

  @Test
  void queueDelay_startsTheConsumerLater() {
    SimulatedSpans spans = run(FaultKind.QUEUE_DELAY, "fulfilment", "");
    SimulatedSpans produced = spans.named("orders", SpanKind.SPAN_KIND_PRODUCER, "orders publish");
    Set<Long> late = new HashSet<>();
    during(produced).spans().forEach(one -> late.add(one.spanId()));
    SimulatedSpans consumed =
        spans.named("fulfilment", SpanKind.SPAN_KIND_CONSUMER, "orders process");

    assertThat(late).isNotEmpty();
    consumed
        .only(one -> late.contains(one.parentId()))
        .spans()
        .forEach(
            one -> assertThat(one.span().getStartTimeUnixNano()).isGreaterThan(START + 3 * SECOND));
    assertThat(consumed.count()).isGreaterThan(produced.count() * 9 / 10);
  }

  @ParameterizedTest
  @EnumSource(names = {"RELEASE_SLOW", "RELEASE_FAILING"})
  void release_isNamedByItsVersion_andWorse(FaultKind kind) {
    SimulatedSpans spans = run(kind, "inventory", "").servers("inventory");
    SimulatedSpans released = spans.only(one -> one.version().equals("faulty-1"));
    SimulatedSpans old = spans.only(one -> one.version().startsWith("1."));

    assertThat(before(released).count() + after(released).count()).isZero();
    assertThat(during(released).count()).isGreaterThan(5 * during(old).count());
    if (kind == FaultKind.RELEASE_SLOW) {
      assertThat(released.medianMillis()).isGreaterThan(1.7 * old.medianMillis());
    } else {
      assertThat(released.failedShare()).isBetween(0.15, 0.4);
      assertThat(old.failedShare()).isLessThan(0.02);
    }
  }

  @Test
  void slowDatabase_slowsItsQueries() {
    SimulatedSpans queries =
        run(FaultKind.SLOW_DATABASE, "catalog", "")
            .named("catalog", SpanKind.SPAN_KIND_CLIENT, "SELECT items");

    assertThat(during(queries).medianMillis()).isGreaterThan(5 * before(queries).medianMillis());
  }

  @Test
  void memoryPressure_stopsAllWorkNowAndThen() {
    SimulatedSpans catalog = run(FaultKind.MEMORY_PRESSURE, "catalog", "").servers("catalog");
    SimulatedSpans stopped = catalog.only(one -> one.millis() > 100);

    assertThat(during(stopped).count() / (double) during(catalog).count()).isBetween(0.1, 0.5);
    assertThat(before(stopped).count() / (double) before(catalog).count()).isLessThan(0.02);
  }

  @ParameterizedTest
  @EnumSource
  void targets_ofEachKind_areThere(FaultKind kind) {
    assertThat(FaultTargets.of(kind)).isNotEmpty().doesNotHaveDuplicates();
  }

  private static SimulatedSpans run(FaultKind kind, String service, String target) {
    return SimulatedSpans.of(SETTINGS, 600, new Fault(kind, service, target, 0.5, START, END));
  }

  private static SimulatedSpans before(SimulatedSpans spans) {
    return spans.only(one -> one.span().getStartTimeUnixNano() < START - SECOND);
  }

  private static SimulatedSpans during(SimulatedSpans spans) {
    return spans.only(
        one ->
            one.span().getStartTimeUnixNano() >= START && one.span().getStartTimeUnixNano() < END);
  }

  private static SimulatedSpans after(SimulatedSpans spans) {
    return spans.only(one -> one.span().getStartTimeUnixNano() > END + 30 * SECOND);
  }

  private static boolean wellWithin(One one) {
    long start = one.span().getStartTimeUnixNano();
    return start > START + 3 * SECOND && start < END - 3 * SECOND;
  }
}
