package io.krystaline.bench.load;

/**
 * Ids that look random and are not repeated: a bijection of serial numbers. The parent's id of a
 * span can so be computed wherever its serial number is known. Immutable.
 */
final class FreshIds {
  private static final long TRACE_SALT = 0x6a09e667f3bcc909L;

  private final long seed;

  FreshIds(long seed) {
    this.seed = seed;
  }

  long spanId(long serial) {
    return nonZero(mix(serial ^ seed));
  }

  long traceIdHigh(long serial) {
    return mix(serial ^ seed ^ TRACE_SALT);
  }

  long traceIdLow(long traceIdHigh) {
    return nonZero(mix(traceIdHigh + TRACE_SALT));
  }

  /** The one number that gives 0, which is no id, gets another; that it meets its equal is odds. */
  private static long nonZero(long id) {
    return id == 0 ? 1 : id;
  }

  /** The finalizer of MurmurHash3: invertible. */
  private static long mix(long number) {
    long mixed = (number ^ number >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }
}
