package io.krystaline.bench.micro;

import io.krystaline.bench.load.BatchPool;
import io.krystaline.bench.load.Encoding;
import io.krystaline.bench.load.EventClock;
import io.krystaline.bench.load.LoadShape;
import io.krystaline.bench.load.Message;
import io.krystaline.bench.load.SimulatedLoad;
import io.krystaline.engine.decode.DecodeResult;
import io.krystaline.engine.decode.TraceDecoder;
import io.krystaline.engine.span.SpanBatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** An endless load of fresh spans, decoded, 512 a message. Owned by one thread. */
final class Spans {
  static final int BATCH = 512;
  private static final Duration BATCH_TIME = Duration.ofMillis(1);
  private static final Instant START = Instant.parse("2026-11-23T09:00:00Z");

  private final EventClock clock = new EventClock(InstantSource.fixed(START));
  private final TraceDecoder decoder = new TraceDecoder();
  private final SpanBatch batch = new SpanBatch();
  private final BatchPool pool;

  Spans(int operations) {
    LoadShape shape = LoadShape.DEFAULTS.withOperations(operations).withBatch(BATCH);
    pool = SimulatedLoad.pools(shape, Encoding.PROTOBUF, 1, 4, 1, clock).getFirst();
  }

  /** The next message, stamped; to be given back to {@link #release}. */
  Message take() {
    clock.skip(BATCH_TIME);
    return pool.take().orElseThrow();
  }

  void release(Message message) {
    pool.release(message);
  }

  /** The spans of the next message; valid until the next call. */
  SpanBatch next() {
    Message message = take();
    if (!(decoder.decode(message.bytes(), 0, message.length(), batch)
        instanceof DecodeResult.Decoded)) {
      throw new IllegalStateException("the load is malformed");
    }
    release(message);
    return batch;
  }

  long nowNanos() {
    return clock.nanos();
  }
}
