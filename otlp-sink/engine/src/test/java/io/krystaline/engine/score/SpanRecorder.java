package io.krystaline.engine.score;

import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds span batches for tests; spans get ids in ascending order unless they say otherwise. */
final class SpanRecorder {
  /** Monday 2026-06-01T09:00:00Z. */
  static final long MONDAY_NINE = 1_780_304_400_000_000_000L;

  private record Row(
      @Nullable String service, String name, SpanKind kind, long id, long start, long end) {}

  private final List<Row> rows = new ArrayList<>();
  private long nextId = 1;

  SpanRecorder span(@Nullable String service, String name, SpanKind kind, long start, long nanos) {
    return span(service, name, kind, nextId++, start, nanos);
  }

  SpanRecorder span(
      @Nullable String service, String name, SpanKind kind, long id, long start, long nanos) {
    rows.add(new Row(service, name, kind, id, start, start + nanos));
    return this;
  }

  /** A server span of service "shop", operation "buy". */
  SpanRecorder buy(long start, long nanos) {
    return span("shop", "buy", SpanKind.SERVER, start, nanos);
  }

  /** All spans so far as one batch, one resource a span; then starts anew. */
  SpanBatch batch() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SpanBatch batch = new SpanBatch();
    int[] offsets = new int[rows.size() * 4];
    int at = 0;
    for (Row row : rows) {
      byte[] service =
          row.service == null ? new byte[0] : row.service.getBytes(StandardCharsets.UTF_8);
      byte[] name = row.name.getBytes(StandardCharsets.UTF_8);
      offsets[at++] = bytes.size();
      offsets[at++] = row.service == null ? -1 : service.length;
      bytes.writeBytes(service);
      offsets[at++] = bytes.size();
      offsets[at++] = name.length;
      bytes.writeBytes(name);
    }
    batch.reset(bytes.toByteArray());
    at = 0;
    for (Row row : rows) {
      int resource = batch.addResource(offsets[at], offsets[at + 1], 0, 0);
      batch.addSpan(
          resource,
          7,
          row.id,
          row.id,
          0,
          row.kind.ordinal(),
          0,
          row.start,
          row.end,
          offsets[at + 2],
          offsets[at + 3],
          0,
          0);
      at += 4;
    }
    rows.clear();
    return batch;
  }
}
