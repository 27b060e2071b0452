package io.krystaline.sink.pipeline;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.score.RecentSpans;
import io.krystaline.engine.score.RecordingLimit;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.engine.span.RejectReason;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.telemetry.Telemetry;
import io.krystaline.platform.telemetry.TelemetrySettings;
import io.krystaline.sink.pipeline.PipelineCounters.Refusal;
import io.krystaline.sink.pipeline.PipelineCounters.Uncaptured;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final Instant NOW = Instant.parse("2026-11-16T09:30:00Z");
  private static final long MILLI = 1_000_000;

  private final SwitchedStore store = new SwitchedStore();
  private final PipelineSettings settings = settings(10);
  private final Telemetry telemetry = Telemetry.start(TelemetrySettings.local("test", "0"));
  private final PipelineCounters counters = new PipelineCounters(telemetry.metrics("test"));
  private final AnomalyWriter writer = new AnomalyWriter(store, store::probe, settings, counters);
  private final OperationDirectory directory =
      new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
  private final RecentSpans recentSpans = new RecentSpans(1 << 17, 1);
  private final Lanes lanes =
      new Lanes(
          () -> new Scorer(directory, recentSpans, ScoringSettings.defaults()),
          writer,
          settings,
          counters,
          () -> NOW);
  private final TraceCapture capture = new TraceCapture(store, lanes, settings, counters);
  private long nextSpanId = 1;

  @AfterEach
  void stop() {
    store.available = true;
    writer.close();
    capture.close();
    telemetry.close();
  }

  @Test
  void offer_slowSpan_isCommittedBeforeItsFutureCompletes_andListenersLearnOfIt() throws Exception {
    LinkedBlockingQueue<List<Anomaly>> heard = new LinkedBlockingQueue<>();
    writer.listen(heard::add);
    writer.start();
    learn(300);

    IngestResult.Accepted result = accepted(offer(request(span(7, 1_000 * MILLI))));
    durable(result).get(10, SECONDS);

    Anomaly stored = store.saved().get(0);
    assertThat(stored.traceId()).isEqualTo(new TraceId(0, 7));
    assertThat(stored.severity().level()).isEqualTo(1);
    assertThat(heard.poll(10, SECONDS)).containsExactly(stored);
    assertThat(counters.anomalies(stored.severity()).sum()).isEqualTo(1);
  }

  @Test
  void offer_normalSpans_haveNothingToWaitFor() throws IOException {
    writer.start();
    IngestResult.Accepted result = accepted(offer(request(span(1, MILLI), span(2, MILLI))));

    assertThat(result.durable()).isNull();
    assertThat(result.spans()).isEqualTo(2);
    assertThat(result.message()).isEmpty();
    assertThat(counters.received(Transport.GRPC).sum()).isEqualTo(2);
    assertThat(counters.scored().sum()).isEqualTo(2);
  }

  @Test
  void offer_badSpans_areCountedAndNamed_andTheRestIsKept() throws IOException {
    Span good = span(1, MILLI);
    IngestResult.Accepted result =
        accepted(
            offer(
                request(
                    good,
                    good.toBuilder().setTraceId(ByteString.EMPTY).build(),
                    good.toBuilder().setEndTimeUnixNano(5).build())));

    assertThat(result.spans()).isEqualTo(1);
    assertThat(result.rejected()).isEqualTo(2);
    assertThat(result.message())
        .isEqualTo("2 spans rejected: 1 invalid_trace_id, 1 end_before_start");
    assertThat(counters.rejected(RejectReason.INVALID_TRACE_ID).sum()).isEqualTo(1);
    assertThat(counters.received(Transport.GRPC).sum()).isEqualTo(3);
  }

  @Test
  void offer_garbage_isMalformed_andNothingOfItIsLearned() throws IOException {
    int before = directory.size();
    byte[] whole = request(span(1, MILLI), span(2, MILLI)).toByteArray();
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);

    assertThat(offer(cut)).isInstanceOf(IngestResult.Malformed.class);
    assertThat(directory.size()).isEqualTo(before);
    assertThat(counters.refused(Refusal.MALFORMED).sum()).isEqualTo(1);
  }

  @Test
  void offer_overTheLimit_isTooLarge() throws IOException {
    IngestResult result = offer(new byte[settings.messageBytesMax() + 1]);

    assertThat(result).isEqualTo(new IngestResult.TooLarge(settings.messageBytesMax()));
    assertThat(accepted(offer(new byte[0])).spans()).isZero();
  }

  @Test
  void offer_sourceThatFails_isMalformedWithItsReason() {
    IngestResult result =
        lanes.offer(
            Transport.HTTP_PROTOBUF,
            target -> {
              throw new IOException("corrupt gzip");
            });

    assertThat(result).isEqualTo(new IngestResult.Malformed("corrupt gzip"));
  }

  @Test
  void offer_whileTheStoreIsLost_failsTheFuture_thenRefuses_untilItIsBack() throws Exception {
    writer.start();
    learn(300);
    store.available = false;

    CompletableFuture<Void> durable = durable(accepted(offer(request(span(7, 1_000 * MILLI)))));

    assertThatThrownBy(() -> durable.get(10, SECONDS))
        .hasCauseInstanceOf(StoreUnavailableException.class);
    assertThat(offer(request(span(8, MILLI))))
        .isEqualTo(new IngestResult.Unavailable(Duration.ofSeconds(1), "store_unavailable"));
    assertThat(counters.refused(Refusal.STORE_UNAVAILABLE).sum()).isEqualTo(1);

    store.available = true;
    await(writer::isStoreAvailable);
    durable(accepted(offer(request(span(7, 1_000 * MILLI))))).get(10, SECONDS);
    assertThat(store.saved()).hasSize(1);
  }

  @Test
  void offer_storeLostWhileIdle_isNoticedByTheProbe() throws Exception {
    writer.start();
    store.available = false;

    await(() -> !writer.isStoreAvailable());

    assertThat(offer(request(span(8, MILLI)))).isInstanceOf(IngestResult.Unavailable.class);
  }

  @Test
  void offer_moreThanThePendingLimit_isRefusedAsOverload() throws IOException {
    learn(300);
    for (int i = 0; i < settings.pendingAnomaliesMax(); i++) {
      accepted(offer(request(span(1_000 + i, (i + 1) * 60_000L * MILLI))));
    }

    assertThat(offer(request(span(5, MILLI))))
        .isEqualTo(new IngestResult.Unavailable(Duration.ofSeconds(1), "overload"));
    writer.start();
  }

  @Test
  void offer_afterDrain_isRefused() throws IOException {
    lanes.drain();

    assertThat(offer(request(span(5, MILLI))))
        .isEqualTo(new IngestResult.Unavailable(Duration.ofSeconds(1), "draining"));
  }

  @Test
  void close_commitsWhatIsQueued() throws Exception {
    learn(300);
    CompletableFuture<Void> durable = durable(accepted(offer(request(span(7, 1_000 * MILLI)))));
    writer.start();
    writer.close();

    assertThat(durable).isCompleted();
    assertThat(store.saved()).hasSize(1);
  }

  @Test
  void write_oneMessageThatTheStoreCantTake_doesNotFailItsNeighbours() throws Exception {
    learn(300);
    CompletableFuture<Void> poison = durable(accepted(offer(request(span(666, 1_000 * MILLI)))));
    CompletableFuture<Void> good = durable(accepted(offer(request(span(7, 1_000 * MILLI)))));
    writer.start();

    good.get(10, SECONDS);
    assertThatThrownBy(() -> poison.get(10, SECONDS)).isInstanceOf(Exception.class);
    assertThat(writer.isStoreAvailable()).isTrue();
  }

  @Test
  void capture_takesEarlierAndLaterSpansOfAMarkedTrace() throws Exception {
    writer.listen(capture);
    writer.start();
    capture.start();
    learn(300);
    offer(request(span(7, MILLI), span(8, MILLI)));
    durable(accepted(offer(request(span(7, 1_000 * MILLI))))).get(10, SECONDS);
    await(() -> store.spansOf(7) == 2);

    offer(request(span(8, MILLI), span(7, MILLI)));

    await(() -> store.spansOf(7) == 3);
    assertThat(store.spansOf(8)).isZero();
  }

  @Test
  void capture_moreThanTheBufferHolds_leavesOutWholeTraces_andCountsTheAnomalousOnes()
      throws Exception {
    writer.listen(capture);
    writer.start();
    learn(300);
    for (int i = 0; i < 30; i++) {
      Span[] many = new Span[100];
      Arrays.setAll(many, ignored -> span(100_000, 100 * MILLI));
      accepted(offer(request(many)));
    }
    lanes
        .recent()
        .adapt(
            lanes.list().stream().map(Lane::ring).toList(), System.nanoTime() + SECONDS.toNanos(1));
    long kept = trace(true);
    long left = trace(false);

    offer(request(span(left, MILLI), span(kept, MILLI)));
    durable(accepted(offer(request(span(left, 1_000 * MILLI), span(kept, 1_000 * MILLI)))))
        .get(10, SECONDS);
    capture.start();
    await(() -> store.spansOf(kept) == 2);

    assertThat(store.spansOf(left)).as("the anomalous span alone").isEqualTo(1);
    assertThat(store.saved()).hasSize(2);
    assertThat(counters.uncaptured(Uncaptured.LEFT_OUT).sum()).isEqualTo(1);
  }

  private long trace(boolean kept) {
    return LongStream.range(1, 1_000)
        .filter(id -> lanes.recent().isKept(new TraceId(0, id)) == kept)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void flush_handsWhatWasLearnedToTheOperationsAskedFor() throws IOException {
    offer(request(span(1, MILLI), span(2, MILLI)));
    int size = directory.size();
    lanes.flush(size, size + 1);
    assertThat(directory.pendingHours()).isZero();

    lanes.flush(0, size);

    long learned =
        directory.operations().stream()
            .flatMap(operation -> operation.drainPending().stream())
            .mapToLong(slice -> slice.statistics().count())
            .sum();
    assertThat(learned).isEqualTo(2);
  }

  @Test
  void offer_marksOverTheLimitOfTheirSecond_areCountedAndNotWaitedFor() throws IOException {
    writer.start();
    learn(300);
    Lanes strict =
        new Lanes(
            () ->
                new Scorer(
                    directory,
                    recentSpans,
                    new RecordingLimit(0),
                    ScoringSettings.defaults().withAllRecorded(5)),
            writer,
            settings,
            counters,
            () -> NOW);
    byte[] slow = request(span(7, 118 * MILLI), span(8, 118 * MILLI)).toByteArray();

    IngestResult.Accepted result =
        accepted(strict.offer(Transport.GRPC, target -> target.write(ByteBuffer.wrap(slow))));

    assertThat(result.durable()).isNull();
    assertThat(counters.unrecorded().sum()).isEqualTo(2);
  }

  private void learn(int spans) throws IOException {
    for (int i = 0; i < spans; i++) {
      accepted(offer(request(span(100_000 + i, (80 + i % 40) * MILLI))));
    }

    assertThat(store.saved()).isEmpty();
  }

  private IngestResult offer(ExportTraceServiceRequest request) throws IOException {
    return offer(request.toByteArray());
  }

  private IngestResult offer(byte[] bytes) {
    return lanes.offer(Transport.GRPC, target -> target.write(ByteBuffer.wrap(bytes)));
  }

  private static IngestResult.Accepted accepted(IngestResult result) {
    assertThat(result).isInstanceOf(IngestResult.Accepted.class);
    return (IngestResult.Accepted) result;
  }

  private static CompletableFuture<Void> durable(IngestResult.Accepted result) {
    return Objects.requireNonNull(result.durable(), "the message had no anomaly");
  }

  private Span span(long trace, long durationNanos) {
    long start = NOW.getEpochSecond() * 1_000_000_000L;
    return Span.newBuilder()
        .setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).putLong(0).putLong(trace).flip()))
        .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(nextSpanId++).flip()))
        .setName("GET /orders")
        .setKind(Span.SpanKind.SPAN_KIND_SERVER)
        .setStartTimeUnixNano(start)
        .setEndTimeUnixNano(start + durationNanos)
        .build();
  }

  private static ExportTraceServiceRequest request(Span... spans) {
    KeyValue service =
        KeyValue.newBuilder()
            .setKey("service.name")
            .setValue(AnyValue.newBuilder().setStringValue("shop"))
            .build();
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(service))
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
        .build();
  }

  private static PipelineSettings settings(int pendingAnomaliesMax) {
    PipelineSettings defaults = PipelineSettings.defaults(1);
    return new PipelineSettings(
        1,
        1 << 16,
        1 << 20,
        1 << 12,
        defaults.recentReach(),
        pendingAnomaliesMax,
        10,
        defaults.commitInterval(),
        Duration.ofSeconds(1),
        Duration.ofMillis(20),
        defaults.tracesMax(),
        defaults.traceWait(),
        defaults.traceSpansMax(),
        Duration.ofMillis(5),
        defaults.captureSpansPerSecondMax());
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited 10 s").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
