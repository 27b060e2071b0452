package io.krystaline.bench.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.grpc.Status;
import io.krystaline.bench.load.BatchPool;
import io.krystaline.bench.load.Encoding;
import io.krystaline.bench.load.EventClock;
import io.krystaline.bench.load.Limited;
import io.krystaline.bench.load.LoadShape;
import io.krystaline.bench.load.Message;
import io.krystaline.bench.load.SimulatedLoad;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadRunTest {
  private static final LoadShape SHAPE = LoadShape.DEFAULTS.withBatch(16);
  private final List<BatchPool> pools =
      SimulatedLoad.pools(
          SHAPE, Encoding.PROTOBUF, 2, 8, 3, new EventClock(InstantSource.system()));

  /** Answers on a thread of its own, as a connection does. */
  private static final class FakeReceiver implements Exporter {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicInteger calls = new AtomicInteger();
    private final IntFunction<Answer> answers;

    FakeReceiver(IntFunction<Answer> answers) {
      this.answers = answers;
    }

    @Override
    public int connections() {
      return 2;
    }

    @Override
    public void send(int connection, Message message, Reply reply) {
      int call = calls.incrementAndGet();
      thread.execute(() -> reply.onAnswer(answers.apply(call)));
    }

    @Override
    public void close() {
      thread.close();
    }
  }

  @Test
  void run_fast_countsWhatWasAccepted() throws Exception {
    try (FakeReceiver receiver = new FakeReceiver(call -> Answer.ACCEPTED)) {
      LoadResult result =
          new LoadRun(receiver, Limited.all(pools, 3_200), new Pace(8, 0, Duration.ofSeconds(30)))
              .run();

      assertThat(result.acceptedSpans()).isGreaterThanOrEqualTo(3_200);
      assertThat(result.acceptedSpans()).isEqualTo(receiver.calls.get() * 16L);
      assertThat(result.answerNanos().getTotalCount()).isEqualTo(receiver.calls.get());
      assertThat(result.elapsed()).isPositive();
      assertThat(result.trouble()).isEmpty();
    }
  }

  @Test
  void run_fast_endsWithItsTime() throws Exception {
    try (FakeReceiver receiver = new FakeReceiver(call -> Answer.ACCEPTED)) {
      LoadResult result =
          new LoadRun(receiver, pools, new Pace(2, 0, Duration.ofMillis(100))).run();

      assertThat(result.acceptedSpans()).isEqualTo(receiver.calls.get() * 16L);
      assertThat(result.elapsed()).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void run_refusedOnce_sendsOnAndTellsBoth() throws Exception {
    try (FakeReceiver receiver =
        new FakeReceiver(call -> call == 3 ? Answer.refused("overload") : Answer.ACCEPTED)) {
      LoadResult result =
          new LoadRun(receiver, Limited.all(pools, 640), new Pace(2, 0, Duration.ofSeconds(30)))
              .run();

      assertThat(result.refusedSpans()).isEqualTo(16);
      assertThat(result.acceptedSpans()).isEqualTo((receiver.calls.get() - 1) * 16L);
      assertThat(result.trouble()).isEqualTo("overload");
      assertThat(result.failedCalls()).isZero();
    }
  }

  @Test
  void run_failing_stops() throws Exception {
    try (FakeReceiver receiver = new FakeReceiver(call -> Answer.failed("gone"))) {
      LoadResult result =
          new LoadRun(receiver, pools, new Pace(4, 0, Duration.ofSeconds(30))).run();

      assertThat(result.failedCalls()).isEqualTo(8);
      assertThat(result.acceptedSpans()).isZero();
    }
  }

  @Test
  void run_sourceFails_isAFailure() throws Exception {
    for (BatchPool pool : pools) {
      for (int i = 0; i < pool.size(); i++) {
        assertThat(pool.take()).isPresent();
      }
    }
    try (FakeReceiver receiver = new FakeReceiver(call -> Answer.ACCEPTED)) {
      LoadResult result =
          new LoadRun(receiver, pools, new Pace(4, 0, Duration.ofSeconds(30))).run();

      assertThat(result.failedCalls()).isEqualTo(8);
      assertThat(result.trouble()).contains("in flight");
    }
  }

  @Test
  void run_paced_keepsTheRate() throws Exception {
    try (FakeReceiver receiver = new FakeReceiver(call -> Answer.ACCEPTED)) {
      LoadResult result =
          new LoadRun(receiver, pools, new Pace(8, 16_000, Duration.ofMillis(500))).run();

      // 1,000 batches a second for half of one.
      assertThat(result.acceptedSpans()).isEqualTo(500 * 16);
    }
  }

  @Test
  void run_paced_aStallIsTimedFromWhenMessagesWereDue() throws Exception {
    try (ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor()) {
      Exporter stalling =
          new Exporter() {
            private final AtomicInteger calls = new AtomicInteger();

            @Override
            public int connections() {
              return 2;
            }

            @Override
            public void send(int connection, Message message, Reply reply) {
              long millis = calls.incrementAndGet() <= 2 ? 300 : 0;
              var _ =
                  later.schedule(
                      () -> reply.onAnswer(Answer.ACCEPTED), millis, TimeUnit.MILLISECONDS);
            }

            @Override
            public void close() {}
          };

      LoadResult result =
          new LoadRun(stalling, pools, new Pace(1, 3_200, Duration.ofMillis(500))).run();

      // 100 messages, one each 5 ms. The first two take 300 ms, and 58 more wait for them: the
      // sender that is held up does not hide it.
      assertThat(result.acceptedSpans()).isEqualTo(100 * 16);
      assertThat(result.answerNanos().getCountBetweenValues(100_000_000L, 400_000_000L))
          .isGreaterThanOrEqualTo(38);
    }
  }

  @Test
  void new_sourcesDoNotFit_isRefused() throws IOException {
    try (FakeReceiver receiver = new FakeReceiver(call -> Answer.ACCEPTED)) {
      Pace pace = new Pace(1, 0, Duration.ofSeconds(1));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LoadRun(receiver, pools.subList(0, 1), pace));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Pace(0, 0, Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> new Pace(1, Double.NaN, Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> new Pace(1, 1, Duration.ofSeconds(-1)));
  }

  @Test
  void answer_statusOfTheCall_tellsWhatBecameOfIt() {
    byte[] partial =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(3)
                    .setErrorMessage("3 spans rejected"))
            .build()
            .toByteArray();

    assertThat(GrpcExporter.answer(Status.OK, new byte[0])).isEqualTo(Answer.ACCEPTED);
    // A collector leaves an empty partial success in its answer.
    assertThat(GrpcExporter.answer(Status.OK, new byte[] {0x0a, 0})).isEqualTo(Answer.ACCEPTED);
    assertThat(GrpcExporter.answer(Status.OK, partial))
        .isEqualTo(new Answer(Answer.Kind.ACCEPTED, 3, "3 spans rejected"));
    assertThat(GrpcExporter.answer(Status.OK, new byte[] {1}).kind()).isEqualTo(Answer.Kind.FAILED);
    assertThat(GrpcExporter.answer(Status.UNAVAILABLE, new byte[0]).kind())
        .isEqualTo(Answer.Kind.REFUSED);
    assertThat(
            GrpcExporter.answer(Status.UNAVAILABLE.withCause(new IOException()), new byte[0])
                .kind())
        .isEqualTo(Answer.Kind.FAILED);
    assertThat(GrpcExporter.answer(Status.INVALID_ARGUMENT, new byte[0]).kind())
        .isEqualTo(Answer.Kind.FAILED);
  }
}
