package io.krystaline.engine.score;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Bounds how many marks that are not critical are recorded in a second of event time. Half of them
 * are for whoever comes first; of all together each operation may then have an equal part only, so
 * that a busy one leaves room for the others.
 *
 * <p>Such marks are a fixed share of normal spans by construction: at a million spans a second one
 * in a hundred would be 10,000 durable rows a second that nobody reads. Critical marks are ten
 * times rarer and are always recorded.
 *
 * <p>Time is that of the spans, so a replay at any speed records what was recorded live. Seconds up
 * to a minute apart are counted apart, of an operation those that follow one another; beyond that a
 * second may be counted anew, and then more is recorded. Operations may share a part once there are
 * more than 16,384. Takes 260 KB; may be shared by scoring threads.
 */
public final class RecordingLimit {
  private static final int SECONDS = 64;
  private static final int OPERATION_SECONDS = 1 << 15;
  private static final int COUNT_BITS = 24;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** The most that can be counted in a second. */
  static final int PER_SECOND_MAX = (int) COUNT_MASK;

  private final int perSecond;

  /** Each the second, unsigned, and how many were recorded in it. */
  private final AtomicLongArray all = new AtomicLongArray(SECONDS);

  private final AtomicLongArray ofOperations = new AtomicLongArray(OPERATION_SECONDS);

  /**
   * Nothing recorded yet.
   *
   * @param perSecond how many in a second, over all operations; 0 for none
   */
  public RecordingLimit(int perSecond) {
    if (perSecond < 0 || perSecond > PER_SECOND_MAX) {
      throw new IllegalArgumentException("perSecond is " + perSecond);
    }
    this.perSecond = perSecond;
  }

  /**
   * Takes the place of one mark, if there is one left.
   *
   * @param operation the number of its operation
   * @param operations how many operations there are, the {@code other} ones among them
   * @param endNanos the end of its span
   */
  boolean take(int operation, int operations, long endNanos) {
    long second = Long.divideUnsigned(endNanos, SECOND_NANOS);
    int place = (int) second & (SECONDS - 1);
    boolean early = taken(all.get(place), second) < perSecond / 2;
    int part = early ? perSecond : Math.max(1, perSecond / operations);
    int ofOperation = (operation << 1 | (int) (second & 1)) & (OPERATION_SECONDS - 1);
    return take(ofOperations, ofOperation, second, part) && take(all, place, second, perSecond);
  }

  private static boolean take(AtomicLongArray counts, int place, long second, int most) {
    while (true) {
      long seen = counts.get(place);
      long taken = taken(seen, second);
      if (taken >= most) {
        return false;
      }
      if (counts.compareAndSet(place, seen, second << COUNT_BITS | (taken + 1))) {
        return true;
      }
    }
  }

  private static long taken(long count, long second) {
    return count >>> COUNT_BITS == second ? count & COUNT_MASK : 0;
  }
}
