package io.krystaline.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferenceServiceTest {
  /** What the service answers. */
  private static final class Answers implements StreamObserver<ExportTraceServiceResponse> {
    private final List<ExportTraceServiceResponse> messages = new ArrayList<>();
    private boolean completed;

    @Override
    public void onNext(ExportTraceServiceResponse message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onCompleted() {
      completed = true;
    }
  }

  private static ExportTraceServiceRequest spans(String name, long... durations) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (long duration : durations) {
      scope.addSpans(
          Span.newBuilder()
              .setName(name)
              .setStartTimeUnixNano(1_000)
              .setEndTimeUnixNano(1_000 + duration));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
        .build();
  }

  @Test
  void export_spans_areCountedAndAnswered() {
    ReferenceService service = new ReferenceService();
    Answers answers = new Answers();

    service.export(spans("a", 10, 11, 12, 11, 10, 500), answers);
    service.export(spans("b", 10), answers);

    assertThat(service.received()).isEqualTo(7);
    assertThat(service.operations()).isEqualTo(2);
    assertThat(service.anomalies()).isOne();
    assertThat(answers.messages).hasSize(2);
    assertThat(answers.completed).isTrue();
  }

  @Test
  void add_values_agreesWithTheFormula() {
    Welford welford = new Welford();
    assertThat(welford.deviation()).isZero();
    assertThat(welford.add(7)).isZero();
    assertThat(welford.deviation()).isZero();

    Random random = new Random(1);
    double[] values = random.doubles(1_000, 5, 50).toArray();
    double sum = 7;
    for (double value : values) {
      welford.add(value);
      sum += value;
    }
    double mean = sum / 1_001;
    double squares = (7 - mean) * (7 - mean);
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    assertThat(welford.count()).isEqualTo(1_001);
    assertThat(welford.mean()).isCloseTo(mean, within(1e-9));
    assertThat(welford.deviation()).isCloseTo(Math.sqrt(squares / 1_000), within(1e-9));
    assertThat(welford.add(mean + 2 * welford.deviation())).isCloseTo(2, within(1e-6));
  }

  @Test
  void main_wrongArgument_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReferenceReceiver.main(new String[] {"both"}));
    assertThatIllegalArgumentException().isThrownBy(() -> ReferenceReceiver.main(new String[0]));
  }
}
