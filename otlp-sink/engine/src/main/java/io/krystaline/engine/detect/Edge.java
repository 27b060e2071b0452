package io.krystaline.engine.detect;

/** The calls of one service to another in the block that is being counted. */
final class Edge {
  final int caller;
  final int callee;
  long calls;
  final long[] hits = new long[Levels.COUNT];
  private long startTick;

  Edge(int caller, int callee) {
    this.caller = caller;
    this.callee = callee;
  }

  void observe(double pValue, long tick) {
    if (calls == 0) {
      startTick = tick;
    }
    calls++;
    for (int level = 0; level < Levels.COUNT; level++) {
      if (pValue <= Levels.of(level)) {
        hits[level]++;
      }
    }
  }

  boolean isBlockDue(long tick, DetectionSettings settings) {
    return calls > 0
        && (calls >= settings.blockSpans() || tick - startTick + 1 >= settings.blockTicksMax());
  }

  double evidence() {
    double evidence = 0;
    for (int level = 0; level < Levels.COUNT; level++) {
      if (hits[level] > 0 && hits[level] >= 3 * Levels.of(level) * calls) {
        evidence = Math.max(evidence, Divergence.above(hits[level], calls, Levels.of(level)));
      }
    }
    return evidence;
  }

  void clear() {
    calls = 0;
    for (int level = 0; level < Levels.COUNT; level++) {
      hits[level] = 0;
    }
  }
}
