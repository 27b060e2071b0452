package io.krystaline.sink.traffic;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Spans on their way out: each goes, encoded at once, into the message of the second after its end,
 * as a collector that batches by the second would send it; within a message they lie by resource.
 *
 * <p>Memory: the spans of the seconds between the earliest and the latest open one, at most {@link
 * #SECONDS_AHEAD}; what ends later still goes out with the last of them.
 *
 * <p>Owned by one thread.
 */
final class OutgoingSpans {
  /** How far ahead of the time that is simulated a span may leave. */
  static final int SECONDS_AHEAD = 256;

  private static final int SMALL = 64;
  private static final int RESOURCE_SPANS = 1;
  private static final int RESOURCE = 1;
  private static final int SCOPE_SPANS = 2;
  private static final int SPANS = 2;

  /** Receives messages in the order of event time. */
  interface MessageVisitor {

    /** An {@code ExportTraceServiceRequest}; the bytes are reused after the call. */
    void onMessage(byte[] bytes, int length) throws IOException;
  }

  private final byte[][] resources;
  private final byte[] scope;
  private final ProtobufWriter[][] pending;
  private final ProtobufWriter span = new ProtobufWriter(4_096);
  private final ProtobufWriter message = new ProtobufWriter(1 << 16);
  private long openSecond = Long.MIN_VALUE;
  private long spans;

  /**
   * Nothing is on its way.
   *
   * @param resources encoded content of the resources that spans come from
   */
  OutgoingSpans(List<byte[]> resources) {
    this.resources = resources.toArray(byte[][]::new);
    this.pending = new ProtobufWriter[SECONDS_AHEAD][this.resources.length];
    for (ProtobufWriter[] row : pending) {
      Arrays.setAll(row, resource -> new ProtobufWriter(SMALL));
    }
    ProtobufWriter name = new ProtobufWriter(64);
    int start = name.begin(1);
    name.stringField(1, "krystaline.selftest");
    name.end(start);
    this.scope = name.copy();
  }

  /** Spans handed out so far. */
  long spans() {
    return spans;
  }

  /** From now on a resource says something else, also of spans that are on their way. */
  void replaceResource(int resource, byte[] content) {
    resources[resource] = content;
  }

  /** The writer for the next span's content; {@link #add} takes it over. */
  ProtobufWriter begin() {
    span.clear();
    return span;
  }

  /** Adds the span that was written since {@link #begin}. */
  void add(int resource, long leavesNanos) {
    long second = Math.floorDiv(leavesNanos, Season.SECOND) + 1;
    long slot =
        Math.max(openSecond, Math.min(second, openSecond + SECONDS_AHEAD - 1)) % SECONDS_AHEAD;
    ProtobufWriter out = pending[(int) slot][resource];
    out.header(SPANS, span.size());
    out.raw(span.bytes(), span.size());
    spans++;
  }

  /** Hands out the messages of all seconds before this time: nothing can be added to them. */
  void advance(long nanos, MessageVisitor visitor) throws IOException {
    long second = Math.floorDiv(nanos, Season.SECOND);
    if (openSecond == Long.MIN_VALUE) {
      openSecond = second;
    }
    while (openSecond < second) {
      emit((int) (openSecond % SECONDS_AHEAD), visitor);
      openSecond++;
    }
  }

  /** Hands out what is left. */
  void finish(MessageVisitor visitor) throws IOException {
    if (openSecond == Long.MIN_VALUE) {
      return;
    }
    for (int i = 0; i < SECONDS_AHEAD; i++) {
      emit((int) (openSecond % SECONDS_AHEAD), visitor);
      openSecond++;
    }
  }

  private void emit(int slot, MessageVisitor visitor) throws IOException {
    message.clear();
    for (int i = 0; i < resources.length; i++) {
      ProtobufWriter out = pending[slot][i];
      if (out.size() > 0) {
        int resourceSpans = message.begin(RESOURCE_SPANS);
        message.header(RESOURCE, resources[i].length);
        message.raw(resources[i], resources[i].length);
        int scopeSpans = message.begin(SCOPE_SPANS);
        message.raw(scope, scope.length);
        message.raw(out.bytes(), out.size());
        message.end(scopeSpans);
        message.end(resourceSpans);
        out.clear();
      }
    }
    if (message.size() > 0) {
      visitor.onMessage(message.bytes(), message.size());
    }
  }
}
