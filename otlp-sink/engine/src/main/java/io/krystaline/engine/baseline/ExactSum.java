package io.krystaline.engine.baseline;

import java.math.BigInteger;

/**
 * A 128-bit sum of integers that are not negative. Sums of durations and of their squares stay
 * exact in it, so the order of adding and merging never changes a result.
 */
final class ExactSum {
  private long high;
  private long low;

  ExactSum() {}

  ExactSum(long high, long low) {
    this.high = high;
    this.low = low;
  }

  void add(long addHigh, long addLow) {
    long sum = low + addLow;
    high += addHigh + (Long.compareUnsigned(sum, addLow) < 0 ? 1 : 0);
    low = sum;
  }

  /** Adds a number so many times, 1 or more. */
  void add(long addHigh, long addLow, int times) {
    long upper = (addLow >>> 32) * times;
    long lower = (addLow & 0xFFFF_FFFFL) * times;
    long carried = (upper + (lower >>> 32)) >>> 32;
    add(addHigh * times + carried, addLow * times);
  }

  void add(ExactSum other) {
    add(other.high, other.low);
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  BigInteger value() {
    BigInteger upper = BigInteger.valueOf(high).shiftLeft(64);
    BigInteger lower = BigInteger.valueOf(low >>> 1).shiftLeft(1);
    return upper.add(lower).add(BigInteger.valueOf(low & 1));
  }
}
