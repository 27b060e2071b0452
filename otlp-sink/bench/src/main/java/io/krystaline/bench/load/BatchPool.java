package io.krystaline.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The encoded batches of one connection, handed out round and round. Each time a batch gets fresh
 * ids and times, written over the last ones in place: a dozen stores a span, nothing allocated. The
 * batches of a window get the same time, so that traces stay whole. Safe on every thread.
 */
public final class BatchPool implements MessageSource {
  private static final long NANOS_PER_MICRO = 1_000;

  private final Encoding encoding;
  private final FreshIds ids;
  private final EventClock clock;
  private final List<Batch> batches = new ArrayList<>();
  private final int windows;
  private final long tracesOfCycle;
  private final long spansOfCycle;

  // Guarded by this.
  private int next;
  private long windowSerial;
  private long windowNanos;

  /** One batch; its fields are guarded by the pool, its bytes belong to whoever has taken it. */
  private static final class Batch implements Message {
    private final Window window;
    private final Window.Encoded encoded;
    private final long firstTrace;
    private final long firstSpan;
    private boolean taken;
    private long cycle;
    private long nanos;

    Batch(Window window, Window.Encoded encoded, long firstTrace, long firstSpan) {
      this.window = window;
      this.encoded = encoded;
      this.firstTrace = firstTrace;
      this.firstSpan = firstSpan;
    }

    @Override
    public byte[] bytes() {
      return encoded.bytes();
    }

    @Override
    public int length() {
      return encoded.bytes().length;
    }

    @Override
    public int spans() {
      return encoded.places().spans();
    }

    boolean opensWindow() {
      return encoded.first() == 0;
    }
  }

  /**
   * A pool of windows.
   *
   * @param seed what its ids are made of; two pools of one run need different ones
   */
  BatchPool(List<Window> windows, Encoding encoding, long seed, EventClock clock) {
    this.encoding = encoding;
    this.windows = windows.size();
    this.ids = new FreshIds(seed);
    this.clock = clock;
    long traces = 0;
    long spans = 0;
    for (Window window : windows) {
      for (Window.Encoded encoded : window.batches()) {
        batches.add(new Batch(window, encoded, traces, spans));
      }
      traces += window.traces();
      spans += window.spans();
    }
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("a pool needs a window");
    }
    this.tracesOfCycle = traces;
    this.spansOfCycle = spans;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if all batches are taken
   */
  @Override
  public Optional<Message> take() {
    Batch batch = claim();
    stamp(batch);
    return Optional.of(batch);
  }

  @Override
  public synchronized void release(Message message) {
    ((Batch) message).taken = false;
  }

  /** How many batches there are. */
  public int size() {
    return batches.size();
  }

  private synchronized Batch claim() {
    for (int tries = 0; tries < batches.size(); tries++) {
      Batch batch = batches.get(next);
      next = (next + 1) % batches.size();
      if (batch.opensWindow()) {
        windowSerial++;
        windowNanos = clock.nanos();
      }
      if (!batch.taken) {
        batch.taken = true;
        batch.cycle = windowSerial;
        batch.nanos = windowNanos;
        return batch;
      }
    }
    throw new IllegalStateException("all " + batches.size() + " batches are in flight");
  }

  private void stamp(Batch batch) {
    Window window = batch.window;
    SpanPlaces places = batch.encoded.places();
    byte[] bytes = batch.encoded.bytes();
    int first = batch.encoded.first();
    int variant = Math.floorMod(batch.cycle / windows, window.timing().variants());
    int[] starts = window.timing().startMicros()[variant];
    int[] durations = window.timing().durationMicros()[variant];
    long traceSerial = batch.cycle * tracesOfCycle + batch.firstTrace;
    long spanSerial = batch.cycle * spansOfCycle + batch.firstSpan;
    for (int span = 0; span < places.spans(); span++) {
      int inWindow = first + span;
      long high = ids.traceIdHigh(traceSerial + window.traceOf()[inWindow]);
      encoding.writeId(bytes, places.traceId(span), high);
      encoding.writeId(bytes, places.traceId(span) + encoding.idBytes(), ids.traceIdLow(high));
      encoding.writeId(bytes, places.spanId(span), ids.spanId(spanSerial + inWindow));
      int parent = window.parentOf()[inWindow];
      if (parent >= 0) {
        encoding.writeId(bytes, places.parentId(span), ids.spanId(spanSerial + parent));
      }
      long start = batch.nanos + starts[inWindow] * NANOS_PER_MICRO;
      encoding.writeTime(bytes, places.start(span), start);
      encoding.writeTime(bytes, places.end(span), start + durations[inWindow] * NANOS_PER_MICRO);
    }
    for (int event = 0; event < places.events(); event++) {
      int inWindow = first + places.eventSpan(event);
      encoding.writeTime(
          bytes, places.eventTime(event), batch.nanos + starts[inWindow] * NANOS_PER_MICRO + 1);
    }
  }
}
