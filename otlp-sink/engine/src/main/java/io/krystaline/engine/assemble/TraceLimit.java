package io.krystaline.engine.assemble;

/**
 * Which traces are kept where not all can be: those whose hash, as an unsigned number, is at most a
 * limit. So traces are whole or absent wherever the same limit holds, and what a lower limit keeps
 * a higher one keeps too.
 */
public final class TraceLimit {
  /** Keeps all traces. */
  public static final long ALL = -1;

  private TraceLimit() {}

  /** Whether a trace is kept under a limit. */
  public static boolean isKept(long traceIdHigh, long traceIdLow, long limit) {
    return limit == ALL
        || Long.compareUnsigned(TraceTable.hash(traceIdHigh, traceIdLow, 0), limit) <= 0;
  }

  /** The limit that keeps a share of the traces, 0 to 1. */
  public static long ofShare(double share) {
    return share >= 1 ? ALL : (long) (share * Long.MAX_VALUE) << 1;
  }

  /** The share of the traces that a limit keeps, 0 to 1. */
  public static double share(long limit) {
    return limit == ALL ? 1 : (limit >>> 1) / (double) Long.MAX_VALUE;
  }
}
