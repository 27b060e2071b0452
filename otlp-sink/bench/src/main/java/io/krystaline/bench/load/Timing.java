package io.krystaline.bench.load;

/**
 * When the spans of a window start, and how long they take, in several variants; each time that a
 * window is sent it takes another. Times are whole microseconds before the end of the window.
 *
 * @param startMicros by variant and span, 0 or less
 * @param durationMicros by variant and span, 0 or more
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose: the tables are large and not changed
record Timing(int[][] startMicros, int[][] durationMicros) {
  Timing {
    if (startMicros.length == 0 || startMicros.length != durationMicros.length) {
      throw new IllegalArgumentException(
          startMicros.length + " variants of starts, " + durationMicros.length + " of durations");
    }
  }

  int variants() {
    return startMicros.length;
  }
}
