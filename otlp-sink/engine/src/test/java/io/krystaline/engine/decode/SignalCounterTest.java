package io.krystaline.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.krystaline.engine.Fuzzing;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignalCounterTest {

  @Test
  void count_emptyMessage_isZero() {
    for (Signal signal : Signal.values()) {
      assertThat(new SignalCounter(signal).count(new byte[0], 0, 0))
          .isEqualTo(new CountResult.Counted(0));
    }
  }

  @Test
  void count_malformed_saysWhere() {
    assertThat(new SignalCounter(Signal.LOGS).count(new byte[] {9, 9, 0x0a, 5}, 2, 2))
        .isEqualTo(new CountResult.Malformed("a length goes beyond its message at byte 1"));
  }

  @Test
  void count_metrics_agreesWithProtobuf() throws Exception {
    Fuzzing.run(
        "count of mutated metrics",
        random ->
            rounds(
                random,
                Signal.METRICS,
                ExportMetricsServiceRequest.newBuilder(),
                ExportMetricsServiceRequest.parser()));
  }

  @Test
  void count_logs_agreesWithProtobuf() throws Exception {
    Fuzzing.run(
        "count of mutated logs",
        random ->
            rounds(
                random,
                Signal.LOGS,
                ExportLogsServiceRequest.newBuilder(),
                ExportLogsServiceRequest.parser()));
  }

  @Test
  void count_traces_agreesWithProtobuf() throws Exception {
    Fuzzing.run(
        "count of mutated traces",
        random ->
            rounds(
                random,
                Signal.TRACES,
                ExportTraceServiceRequest.newBuilder(),
                ExportTraceServiceRequest.parser()));
  }

  private static void rounds(
      Random random, Signal signal, Message.Builder builder, Parser<? extends Message> parser) {
    byte[] message = new RandomMessages(random).fill(builder).build().toByteArray();
    compare(message, signal, parser);
    Mutations mutations = new Mutations(random);
    for (int i = 0; i < 20; i++) {
      compare(mutations.mutate(message, message), signal, parser);
    }
  }

  private static void compare(byte[] message, Signal signal, Parser<? extends Message> parser) {
    byte[] guarded = Fuzzing.guarded(message, 3, 5);
    CountResult result = new SignalCounter(signal).count(guarded, 3, message.length);
    Message expected;
    try {
      expected = parser.parseFrom(message);
    } catch (InvalidProtocolBufferException refused) {
      assertThat(result)
          .as(() -> refused.getMessage() + ": " + Fuzzing.hex(message))
          .isInstanceOf(CountResult.Malformed.class);
      return;
    }
    assertThat(result)
        .as(() -> Fuzzing.hex(message))
        .isEqualTo(new CountResult.Counted(items(expected)));
  }

  private static long items(Message request) {
    if (request instanceof ExportLogsServiceRequest logs) {
      return logs.getResourceLogsList().stream()
          .flatMap(resource -> resource.getScopeLogsList().stream())
          .mapToLong(scope -> scope.getLogRecordsCount())
          .sum();
    }
    if (request instanceof ExportTraceServiceRequest traces) {
      return traces.getResourceSpansList().stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .mapToLong(scope -> scope.getSpansCount())
          .sum();
    }
    return ((ExportMetricsServiceRequest) request)
        .getResourceMetricsList().stream()
            .flatMap(resource -> resource.getScopeMetricsList().stream())
            .flatMap(scope -> scope.getMetricsList().stream())
            .mapToLong(SignalCounterTest::points)
            .sum();
  }

  private static long points(Metric metric) {
    return (long) metric.getGauge().getDataPointsCount()
        + metric.getSum().getDataPointsCount()
        + metric.getHistogram().getDataPointsCount()
        + metric.getExponentialHistogram().getDataPointsCount()
        + metric.getSummary().getDataPointsCount();
  }
}
