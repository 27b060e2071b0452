package io.krystaline.bench.load;

import java.util.List;

/**
 * Batches that share their traces: a trace's spans lie in one window, spread over some of its
 * batches. Immutable but for the bytes that are stamped.
 *
 * @param batches the encoded messages, in the order in which they are sent
 * @param traceOf by span of the window, in the order of the bytes: the number of its trace
 * @param parentOf by span of the window: the position of its parent in the window; -1 for none
 * @param traces how many traces it has
 * @param timing when its spans are
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose: the tables are large and not changed
record Window(List<Encoded> batches, int[] traceOf, int[] parentOf, int traces, Timing timing) {
  Window {
    batches = List.copyOf(batches);
    if (traceOf.length != parentOf.length) {
      throw new IllegalArgumentException(traceOf.length + " traces, " + parentOf.length);
    }
  }

  int spans() {
    return traceOf.length;
  }

  /**
   * One message of a window.
   *
   * @param bytes the message, with places for ids and times
   * @param places where those are
   * @param first the position in the window of its first span
   */
  @SuppressWarnings("ArrayRecordComponent") // the bytes are stamped in place
  record Encoded(byte[] bytes, SpanPlaces places, int first) {}
}
