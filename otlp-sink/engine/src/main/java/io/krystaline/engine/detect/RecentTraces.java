package io.krystaline.engine.detect;

import io.krystaline.engine.span.TraceId;
import java.util.ArrayList;
import java.util.List;

/** The last few traces of some sort. Owned by one thread. */
final class RecentTraces {
  private static final int TRACES = 8;

  private final long[] high = new long[TRACES];
  private final long[] low = new long[TRACES];
  private long added;

  RecentTraces() {}

  /** Adds a trace, also one that is there. */
  void add(long traceHigh, long traceLow) {
    int slot = (int) (added++ % TRACES);
    high[slot] = traceHigh;
    low[slot] = traceLow;
  }

  /**
   * Adds a trace that is not among the last.
   *
   * @return whether it was not there
   */
  boolean addNew(long traceHigh, long traceLow) {
    for (int i = 0; i < held(); i++) {
      if (high[i] == traceHigh && low[i] == traceLow) {
        return false;
      }
    }
    add(traceHigh, traceLow);
    return true;
  }

  void clear() {
    added = 0;
  }

  /** At most eight of them, in no certain order. */
  List<TraceId> ids() {
    List<TraceId> traces = new ArrayList<>();
    for (int i = 0; i < held(); i++) {
      traces.add(new TraceId(high[i], low[i]));
    }
    return traces;
  }

  private int held() {
    return (int) Math.min(added, TRACES);
  }
}
