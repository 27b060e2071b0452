package io.krystaline.engine.baseline;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A mergeable histogram of durations in nanoseconds whose quantiles are within 1 % of the exact
 * ones.
 *
 * <p>Values below 128 have a bin each. Above, every octave (a power of two to the next) is cut into
 * 64 bins of equal width, so a bin is at most 1/64 of its lower edge wide and its middle is within
 * 1/128 = 0.79 % of every value in it. The bin of {@code v} is {@code (s << 6) + (v >>> s)} with
 * {@code s = max(0, 57 - numberOfLeadingZeros(v))}: integers only, no logarithm. All of {@code
 * long} takes 3,712 bins, so nothing is ever collapsed or clamped, and merging is exact,
 * commutative and associative. This is the relative-error idea of DDSketch (Masson, Rim, Lee, VLDB
 * 2019) on the log-linear bins of HdrHistogram.
 *
 * <p>Memory: 280 bytes and 272 for each octave seen; durations between 5 and 80 ms touch four
 * octaves, 1.4 KB. At most 16 KB, and 31 KB where more than 2^32 durations fell into one bin of
 * every octave. {@link #add} allocates only when it meets a new octave.
 *
 * <p>Example: 89,000,000 ns (89 ms) falls into the bin [88,080,384, 89,128,960) with the middle
 * 88,604,671. Not thread-safe.
 */
public final class DurationSketch {
  /** The number of bins that cover 0 to {@link Long#MAX_VALUE}. */
  public static final int BINS = 3712;

  private static final int VERSION = 1;

  private final BinCounts counts = new BinCounts(BINS);
  private long count;

  /** Receives the bins of a sketch. */
  @FunctionalInterface
  public interface BinVisitor {
    /**
     * Called once for each bin that is not empty, from the shortest durations to the longest.
     *
     * @param bin the bin's number, 0 to {@link #BINS} - 1
     * @param count how many durations fell into it, 1 or more
     */
    void onBin(int bin, long count);
  }

  /** The number of the bin that a duration falls into. */
  public static int bin(long durationNanos) {
    int shift = Math.max(0, 57 - Long.numberOfLeadingZeros(durationNanos));
    return (shift << 6) + (int) (durationNanos >>> shift);
  }

  /** The shortest duration of a bin. */
  public static long lowerEdgeNanos(int bin) {
    int shift = Math.max(0, (bin >>> 6) - 1);
    return (long) (bin - (shift << 6)) << shift;
  }

  /**
   * The shortest duration beyond a bin; {@link Long#MAX_VALUE} for the last bin, which has none.
   */
  public static long upperEdgeNanos(int bin) {
    return bin == BINS - 1 ? Long.MAX_VALUE : lowerEdgeNanos(bin + 1);
  }

  /** The duration that stands for all durations of a bin. */
  public static long middleNanos(int bin) {
    long lower = lowerEdgeNanos(bin);
    return lower + (upperEdgeNanos(bin) - lower - 1) / 2;
  }

  /**
   * Counts one duration.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public void add(long durationNanos) {
    add(durationNanos, 1);
  }

  /** Counts one duration so many times, 1 or more. */
  void add(long durationNanos, int times) {
    requireDuration(durationNanos);
    counts.add(bin(durationNanos), times);
    count += times;
  }

  static void requireDuration(long durationNanos) {
    if (durationNanos < 0) {
      throw new IllegalArgumentException("duration is " + durationNanos + " ns");
    }
  }

  /** Adds everything that another sketch has counted. The other one stays as it is. */
  public void merge(DurationSketch other) {
    count += other.count;
    counts.merge(other.counts, count);
  }

  /** An independent copy. */
  public DurationSketch copy() {
    DurationSketch copy = new DurationSketch();
    copy.merge(this);
    return copy;
  }

  /** How many durations were counted. */
  public long count() {
    return count;
  }

  /**
   * The smallest duration that a share {@code quantile} of all durations does not exceed (the
   * element of rank {@code ceil(quantile * count)}, and of rank 1 for 0), within 1 %.
   *
   * @param quantile 0 to 1
   * @return nanoseconds; 0 for an empty sketch
   * @throws IllegalArgumentException if the quantile is not between 0 and 1
   */
  public long quantileNanos(double quantile) {
    if (count == 0) {
      return 0;
    }
    return middleNanos(quantileBin(quantile));
  }

  /** The bin that {@link #quantileNanos} reads; the sketch must not be empty. */
  int quantileBin(double quantile) {
    if (!(quantile >= 0 && quantile <= 1)) {
      throw new IllegalArgumentException("a quantile is 0 to 1, not " + quantile);
    }
    if (count == 0) {
      throw new IllegalStateException("an empty sketch has no quantile");
    }
    long rank = Math.max(1, Math.min(count, (long) Math.ceil(quantile * count)));
    int bin = counts.binOfRank(rank);
    if (bin < 0) {
      throw new IllegalStateException("bins hold fewer than " + rank + " of " + count);
    }
    return bin;
  }

  /** Passes each bin that is not empty to the visitor, in ascending order, on this thread. */
  public void forEachBin(BinVisitor visitor) {
    counts.forEach(visitor);
  }

  /** How many bins are not empty. */
  public int usedBins() {
    int[] used = {0};
    forEachBin((bin, binCount) -> used[0]++);
    return used[0];
  }

  /**
   * A compact form: a version byte, the number of used bins, then for each its distance from the
   * one before and its count, all as variable-length integers; about 3 bytes a used bin.
   */
  public byte[] toBytes() {
    PackedWriter out = new PackedWriter();
    write(out);
    return out.toBytes();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are no sketch of this version
   */
  public static DurationSketch fromBytes(byte[] bytes) {
    PackedReader in = new PackedReader(bytes, "duration sketch");
    DurationSketch sketch = read(in);
    in.end();
    return sketch;
  }

  void write(PackedWriter out) {
    out.writeByte(VERSION);
    out.writeLong(usedBins());
    int[] previous = {-1};
    forEachBin(
        (bin, binCount) -> {
          out.writeLong(bin - previous[0]);
          out.writeLong(binCount);
          previous[0] = bin;
        });
  }

  static DurationSketch read(PackedReader in) {
    in.expectVersion(VERSION);
    DurationSketch sketch = new DurationSketch();
    int used = (int) in.readLong(0, BINS);
    int bin = -1;
    for (int i = 0; i < used; i++) {
      bin += (int) in.readLong(1, BINS - 1L - bin);
      long binCount = in.readLong(1, Long.MAX_VALUE - sketch.count);
      sketch.counts.add(bin, binCount);
      sketch.count += binCount;
    }
    return sketch;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DurationSketch that
        && count == that.count
        && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return "DurationSketch[count=" + count + ", bins=" + usedBins() + "]";
  }
}
