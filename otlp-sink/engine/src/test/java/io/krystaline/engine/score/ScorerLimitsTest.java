package io.krystaline.engine.score;

import static io.krystaline.engine.score.SpanRecorder.MONDAY_NINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanKind;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScorerLimitsTest {
  private static final long NOW = MONDAY_NINE + 60_000_000_000L;
  private static final MarkVisitor IGNORE = (batch, row, anomaly) -> {};

  private static OperationDirectory directory() {
    return new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 42);
  }

  private static Scorer scorer(OperationDirectory directory) {
    return new Scorer(directory, new RecentSpans(1 << 17, 7), ScoringSettings.defaults());
  }

  private static HourStatistics learned(Operation operation) {
    HourStatistics all = new HourStatistics();
    for (HourSlice slice : operation.drainPending()) {
      all.merge(slice.statistics());
    }
    return all;
  }

  @Test
  void score_millionNames_staysBoundedAndLosesNoSpan() {
    OperationDirectory directory = directory();
    Scorer scorer = scorer(directory);
    SpanRecorder spans = new SpanRecorder();
    for (int i = 0; i < 1_000_000; i++) {
      // In 20 hours, as in one not every span of an operation teaches.
      long start = MONDAY_NINE - i / 50_000 * HourSlice.HOUR_NANOS + i;
      spans.span("shop", "GET /user/" + i, SpanKind.SERVER, start, 1_000_000);
      if (i % 10_000 == 9_999) {
        spans.span("shop", "GET /user/1", SpanKind.SERVER, start, 1_000_000);
        scorer.score(spans.batch(), NOW, IGNORE);
      }
    }
    scorer.flush(NOW);
    assertThat(directory.size()).isEqualTo(2_000 + 2);
    OperationKey first = new OperationKey("shop", "GET /user/1", SpanKind.SERVER);
    assertThat(learned(directory.find(first).orElseThrow()).count()).isEqualTo(101);
    OperationKey other = new OperationKey("shop", "other", SpanKind.UNSPECIFIED);
    assertThat(learned(directory.find(other).orElseThrow()).count()).isEqualTo(998_000);
    assertThat(directory.overflowSpans()).isEqualTo(998_000);
    assertThat(directory.service("shop").overflowSpans()).isEqualTo(998_000);
  }

  @Test
  void score_manyServices_staysBounded() {
    OperationDirectory directory = directory();
    Scorer scorer = scorer(directory);
    SpanRecorder spans = new SpanRecorder();
    for (int i = 0; i < 20_000; i++) {
      spans.span("service-" + i, "GET", SpanKind.SERVER, MONDAY_NINE + i, 1_000_000);
    }
    scorer.score(spans.batch(), NOW, IGNORE);
    scorer.flush(NOW);
    assertThat(directory.services()).hasSize(500);
    assertThat(directory.size()).isEqualTo(500 * 2 + 2);
    OperationKey other = new OperationKey("other", "GET", SpanKind.SERVER);
    assertThat(learned(directory.find(other).orElseThrow()).count()).isEqualTo(19_500);
    assertThat(directory.overflowSpans()).isEqualTo(19_500);
  }

  @Test
  void score_serviceFilledByAnotherThread_stillFindsItsOperations() {
    OperationDirectory directory =
        new OperationDirectory(
            BaselineSettings.defaults(), new DirectoryLimits(3, 3, 100, 512), 42);
    Scorer late = scorer(directory);
    for (String name : List.of("a", "b", "c")) {
      directory.operation(new OperationKey("shop", name, SpanKind.SERVER));
      directory.operation(new OperationKey("s" + name, name, SpanKind.SERVER));
    }
    SpanRecorder spans = new SpanRecorder();
    for (String name : List.of("a", "b", "c", "d", "other")) {
      spans.span("shop", name, SpanKind.SERVER, MONDAY_NINE, 5);
    }
    spans.span("sb", "b", SpanKind.SERVER, MONDAY_NINE, 5);
    late.score(spans.batch(), NOW, IGNORE);
    late.flush(NOW);
    OperationKey b = new OperationKey("shop", "b", SpanKind.SERVER);
    assertThat(learned(directory.find(b).orElseThrow()).count()).isEqualTo(1);
    assertThat(learned(directory.service("shop").other()).count()).isEqualTo(2);
    OperationKey sb = new OperationKey("sb", "b", SpanKind.SERVER);
    assertThat(learned(directory.find(sb).orElseThrow()).count()).isEqualTo(1);
  }

  @Test
  void score_twoThreads_teachTheSameDirectoryExactly() throws InterruptedException {
    OperationDirectory directory = directory();
    RecentSpans recent = new RecentSpans(1 << 17, 7);
    HourStatistics[] exact = {new HourStatistics(), new HourStatistics()};
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      int thread = t;
      Thread worker =
          new Thread(
              () -> {
                Scorer scorer = new Scorer(directory, recent, ScoringSettings.defaults());
                Random random = new Random(thread);
                SpanRecorder spans = new SpanRecorder();
                for (int i = 1; i <= 100_000; i++) {
                  long nanos = random.nextInt(1_000_000_000);
                  long id = i * 2L + thread;
                  long start = MONDAY_NINE - random.nextInt(3) * HourSlice.HOUR_NANOS;
                  spans.span("shop", "op" + i % 3, SpanKind.SERVER, id, start, nanos);
                  exact[thread].add(nanos);
                  if (i % 500 == 0) {
                    scorer.score(spans.batch(), NOW, IGNORE);
                  }
                }
                scorer.flush(NOW);
              });
      threads.add(worker);
      worker.start();
    }
    HourStatistics found = new HourStatistics();
    for (Thread thread : threads) {
      directory.operations().forEach(operation -> found.merge(learned(operation)));
      thread.join();
    }
    directory.operations().forEach(operation -> found.merge(learned(operation)));
    exact[0].merge(exact[1]);
    assertThat(found).isEqualTo(exact[0]);
  }

  @Test
  void table_collidingHashes_keepOperationsApart() {
    OperationDirectory directory = directory();
    OperationTable table = new OperationTable();
    for (int i = 0; i < 2_000; i++) {
      byte[] name = ("x" + i).getBytes(StandardCharsets.UTF_8);
      int identity = OperationTable.identity(i % 3, i % 6, name.length);
      assertThat(table.find(5, identity, name, 0, name.length)).isEqualTo(-1);
      Operation operation =
          directory.operation(new OperationKey("s" + i % 3, "x" + i, SpanKind.fromWire(i % 6)));
      table.add(5, identity, name, 0, name.length, operation);
    }
    for (int i = 0; i < 2_000; i++) {
      byte[] name = ("##x" + i).getBytes(StandardCharsets.UTF_8);
      int identity = OperationTable.identity(i % 3, i % 6, name.length - 2);
      int cell = table.find(5, identity, name, 2, name.length - 2);
      assertThat(table.operation(cell).key().operation()).isEqualTo("x" + i);
      int otherKind = OperationTable.identity(i % 3, (i + 1) % 6, name.length - 2);
      assertThat(table.find(5, otherKind, name, 2, name.length - 2)).isEqualTo(-1);
    }
  }

  @Test
  void score_normalSpans_allocateNothing() {
    OperationDirectory directory = directory();
    Scorer scorer = scorer(directory);
    ScorerLoad load = new ScorerLoad(200, 16);
    for (Operation operation : load.operations(directory)) {
      operation.install(load.baseline(directory.settings()));
    }
    long spans = 0;
    for (int i = 0; i < 400; i++) {
      scorer.score(load.next(), load.nowNanos(), IGNORE);
    }
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long started = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < 2_000; i++) {
      SpanBatch batch = load.next();
      scorer.score(batch, load.nowNanos(), IGNORE);
      spans += batch.spanCount();
    }
    double nanos = (double) (threads.getCurrentThreadCpuTime() - started) / spans;
    double bytes = (double) (threads.getCurrentThreadAllocatedBytes() - allocated) / spans;
    System.out.printf(
        "scoring 200 operations, with making the load: %.1f ns of CPU and %.3f bytes a span%n",
        nanos, bytes);
    assertThat(bytes).isLessThan(1);
    assertThat(scorer.counts().count(ScoringCounter.RECORDED)).isZero();
    assertThat(scorer.counts().count(ScoringCounter.DUPLICATE)).isZero();
    assertThat(scorer.counts().count(ScoringCounter.STILL_LEARNING)).isZero();
    assertThat(load.operations(directory).get(5).baseline()).isNotSameAs(Baseline.LEARNING);
  }
}
