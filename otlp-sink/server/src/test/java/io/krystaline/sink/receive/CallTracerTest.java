package io.krystaline.sink.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallTracerTest {
  private final CallBudget budget = new CallBudget(2, 100);
  private final CountingMetrics metrics = new CountingMetrics();
  private final CallTracer.Factory factory = new CallTracer.Factory(budget, metrics);

  @Test
  void inboundWireSize_overTheLimitOfAllCalls_abortsTheCallOnce() {
    CallTracer first = tracer();
    CallTracer second = tracer();
    List<Refusal> refusals = new ArrayList<>();
    first.onOverflow(refusal -> refusals.add(Refusal.of(RefusalReason.INTERNAL, "not this one")));
    second.onOverflow(refusals::add);

    first.inboundWireSize(60);
    second.inboundWireSize(40);
    assertThat(refusals).isEmpty();
    second.inboundWireSize(1);
    second.inboundWireSize(1);

    assertThat(refusals).hasSize(1);
    assertThat(refusals.getFirst().reason()).isEqualTo(RefusalReason.UNAVAILABLE);
    assertThat(refusals.getFirst().retryAfter()).isNotNull();
  }

  @Test
  void bytes_areFreeAgainOnceReadOrClosed() {
    CallTracer read = tracer();
    CallTracer cut = tracer();
    read.inboundWireSize(60);
    cut.inboundWireSize(30);

    read.inboundMessageRead(0, 60, -1);
    assertThat(budget.bytes()).isEqualTo(30);
    read.streamClosed(Status.OK);
    cut.streamClosed(Status.CANCELLED);
    assertThat(budget.bytes()).isZero();
    assertThat(budget.calls()).isZero();
  }

  @Test
  void isAdmitted_aCallTooMany_isNotUntilAnotherHasEnded() {
    CallTracer first = tracer();
    CallTracer second = tracer();
    CallTracer third = tracer();

    assertThat(first.isAdmitted()).isTrue();
    assertThat(second.isAdmitted()).isTrue();
    assertThat(third.isAdmitted()).isFalse();
    assertThat(budget.calls()).isEqualTo(3);

    third.streamClosed(Status.UNAVAILABLE);
    first.streamClosed(Status.OK);
    assertThat(tracer().isAdmitted()).isTrue();
  }

  @Test
  void streamClosed_refusedForItsSizeByGrpc_isCounted() {
    tracer().streamClosed(Status.RESOURCE_EXHAUSTED);
    tracer().streamClosed(Status.CANCELLED);
    CallTracer answered = tracer();
    answered.answered();
    answered.streamClosed(Status.RESOURCE_EXHAUSTED);

    metrics.assertCount("refused grpc too_large", 1);
  }

  @Test
  void filterContext_givesTheTracerToTheHandler() throws Exception {
    CallTracer tracer = tracer();

    assertThat(tracer.filterContext(Context.ROOT).call(CallTracer::current)).isSameAs(tracer);
  }

  private CallTracer tracer() {
    return (CallTracer) factory.newServerStreamTracer("service/method", new Metadata());
  }
}
