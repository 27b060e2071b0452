package io.krystaline.engine.score;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.BaselineBuilder;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An endless load of normal spans of so many operations in ten services, without duplicates. */
final class ScorerLoad {
  private static final int SERVICES = 10;
  private static final int SPANS = 512;

  private final int operations;
  private final SpanBatch[] templates;
  private final SpanBatch batch = new SpanBatch();
  private int turn;
  private long nextId = 1;

  ScorerLoad(int operations, int batches) {
    this.operations = operations;
    this.templates = new SpanBatch[batches];
    Random random = new Random(1);
    for (int b = 0; b < batches; b++) {
      templates[b] = template(random);
    }
  }

  private SpanBatch template(Random random) {
    byte[] bytes = new byte[SPANS * 404];
    SpanBatch template = new SpanBatch();
    template.reset(bytes);
    int service = random.nextInt(SERVICES);
    byte[] serviceName = ("service-" + service).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(serviceName, 0, bytes, 0, serviceName.length);
    template.addResource(0, serviceName.length, 0, 0);
    for (int row = 0; row < SPANS; row++) {
      int operation = random.nextInt(operations / SERVICES) * SERVICES + service;
      byte[] name = name(operation).getBytes(StandardCharsets.UTF_8);
      int offset = row * 404 + 40;
      System.arraycopy(name, 0, bytes, offset, name.length);
      long start = SpanRecorder.MONDAY_NINE + random.nextLong(1_000_000_000);
      long nanos = random.nextLong(1_000_000, 2_000_000);
      template.addSpan(
          0, 1, 1, 1, 0, 2, 0, start, start + nanos, offset, name.length, offset - 40, 404);
    }
    return template;
  }

  private static String name(int operation) {
    return "GET /api/resource-" + operation + "/items";
  }

  /** The next batch of 512 spans; valid until the next call. */
  SpanBatch next() {
    SpanBatch template = templates[turn++ % templates.length];
    batch.reset(template.bytes());
    batch.addResource(template.serviceOffset(0), template.serviceLength(0), 0, 0);
    for (int row = 0; row < SPANS; row++) {
      long id = nextId++;
      batch.addSpan(
          0,
          id * 0x9E3779B97F4A7C15L,
          id,
          id,
          0,
          2,
          0,
          template.startNanos(row),
          template.endNanos(row),
          template.nameOffset(row),
          template.nameLength(row),
          template.spanOffset(row),
          404);
    }
    return batch;
  }

  long nowNanos() {
    return SpanRecorder.MONDAY_NINE + 2_000_000_000L;
  }

  List<Operation> operations(OperationDirectory directory) {
    List<Operation> all = new ArrayList<>();
    for (int i = 0; i < operations; i++) {
      all.add(
          directory.operation(
              new OperationKey("service-" + i % SERVICES, name(i), SpanKind.SERVER)));
    }
    return all;
  }

  /** A baseline under which only durations above 10 ms are recorded. */
  Baseline baseline(BaselineSettings settings) {
    HourStatistics statistics = new HourStatistics();
    for (int i = 0; i < 2_000; i++) {
      statistics.add(i % 50 == 0 ? 10_000_000 : 1_000_000 + i * 500);
    }
    long hour = HourSlice.epochHourOf(SpanRecorder.MONDAY_NINE);
    return BaselineBuilder.build(List.of(new HourSlice(hour, statistics)).iterator(), settings);
  }
}
