package io.krystaline.engine.baseline;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Count, mean, standard deviation, extremes and distribution of durations in nanoseconds: usually
 * of one operation in one hour, or a part of it.
 *
 * <p>The sum and the sum of squares are kept as exact 128-bit integers, the distribution as a
 * {@link DurationSketch}. So adding and merging is exact, commutative and associative: the same
 * durations give the same statistics, bit for bit, however they were split over threads and hours.
 * No cancellation can spoil the deviation.
 *
 * <p>Durations above {@link #LEARNED_NANOS_MAX} (19.5 hours) are counted as that, which keeps the
 * sum of squares of 2^35 such spans within 128 bits. About 100 bytes and the sketch. Not
 * thread-safe.
 */
public final class HourStatistics {
  /** The longest duration that is told from longer ones: 2^46 - 1 ns, 19.5 hours. */
  public static final long LEARNED_NANOS_MAX = (1L << 46) - 1;

  private static final int VERSION = 1;

  /** The most that one duration may count for. */
  public static final int TIMES_MAX = 1 << 7;

  /** Durations of which 2^17 have a sum of less than 2^63. */
  private static final int RUN_MAX = 1 << 10;

  private long count;
  private final ExactSum sum;
  private final ExactSum squares;
  private long minNanos = Long.MAX_VALUE;
  private long maxNanos;
  private final DurationSketch sketch;

  /** Statistics of nothing. */
  public HourStatistics() {
    this(new ExactSum(), new ExactSum(), new DurationSketch());
  }

  private HourStatistics(ExactSum sum, ExactSum squares, DurationSketch sketch) {
    this.sum = sum;
    this.squares = squares;
    this.sketch = sketch;
  }

  /**
   * Counts one duration.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public void add(long durationNanos) {
    long duration = Math.min(durationNanos, LEARNED_NANOS_MAX);
    sketch.add(duration);
    sum.add(0, duration);
    squares.add(Math.multiplyHigh(duration, duration), duration * duration);
    minNanos = Math.min(minNanos, duration);
    maxNanos = Math.max(maxNanos, duration);
    count++;
  }

  /**
   * Counts the durations of a part of an array, from position {@code from} to before {@code to}.
   *
   * @param times how often each counts, 1 to {@link #TIMES_MAX}
   * @throws IllegalArgumentException if one is negative; then none is counted
   */
  public void addAll(long[] durationsNanos, int from, int to, int times) {
    if (times < 1 || times > TIMES_MAX) {
      throw new IllegalArgumentException("a duration counts 1 to " + TIMES_MAX + " times");
    }
    for (int i = from; i < to; i++) {
      DurationSketch.requireDuration(durationsNanos[i]);
    }
    for (int start = from; start < to; start += RUN_MAX) {
      addRun(durationsNanos, start, Math.min(to, start + RUN_MAX), times);
    }
  }

  /** Durations so few that their sum fits 64 bits, which saves the long additions for each. */
  private void addRun(long[] durationsNanos, int from, int to, int times) {
    long total = 0;
    long squaresHigh = 0;
    long squaresLow = 0;
    long shortest = minNanos;
    long longest = maxNanos;
    for (int i = from; i < to; i++) {
      long duration = Math.min(durationsNanos[i], LEARNED_NANOS_MAX);
      sketch.add(duration, times);
      total += duration;
      long square = duration * duration;
      squaresLow += square;
      squaresHigh += Math.multiplyHigh(duration, duration);
      squaresHigh += Long.compareUnsigned(squaresLow, square) < 0 ? 1 : 0;
      shortest = Math.min(shortest, duration);
      longest = Math.max(longest, duration);
    }
    sum.add(0, total, times);
    squares.add(squaresHigh, squaresLow, times);
    minNanos = shortest;
    maxNanos = longest;
    count += (long) (to - from) * times;
  }

  /** Adds everything that the other one has counted. The other one stays as it is. */
  public void merge(HourStatistics other) {
    count += other.count;
    sum.add(other.sum);
    squares.add(other.squares);
    minNanos = Math.min(minNanos, other.minNanos);
    maxNanos = Math.max(maxNanos, other.maxNanos);
    sketch.merge(other.sketch);
  }

  /** An independent copy. */
  public HourStatistics copy() {
    HourStatistics copy = new HourStatistics();
    copy.merge(this);
    return copy;
  }

  /** How many durations were counted. */
  public long count() {
    return count;
  }

  /** The arithmetic mean; 0 when nothing was counted. */
  public double meanNanos() {
    return count == 0 ? 0 : sum.value().doubleValue() / count;
  }

  /** The sum of squared differences from the mean, often called M2; 0 or more. */
  public double squaredDeviations() {
    if (count == 0) {
      return 0;
    }
    return scaledDeviations().doubleValue() / count;
  }

  /**
   * The standard deviation of a sample: the root of {@link #squaredDeviations} / (count - 1); 0 for
   * fewer than two durations.
   */
  public double stdDevNanos() {
    return count < 2 ? 0 : Math.sqrt(squaredDeviations() / (count - 1));
  }

  /** The shortest; 0 when nothing was counted. */
  public long minNanos() {
    return count == 0 ? 0 : minNanos;
  }

  /** The longest; 0 when nothing was counted. */
  public long maxNanos() {
    return maxNanos;
  }

  /**
   * As {@link DurationSketch#quantileNanos}, and never below the shortest or above the longest.
   *
   * @throws IllegalArgumentException if the quantile is not between 0 and 1
   */
  public long quantileNanos(double quantile) {
    return count == 0 ? 0 : clamp(sketch.quantileNanos(quantile));
  }

  /** The distribution; a live view, to be read only. */
  public DurationSketch sketch() {
    return sketch;
  }

  /** A compact form of about 50 bytes and the sketch's. */
  public byte[] toBytes() {
    PackedWriter out = new PackedWriter();
    out.writeByte(VERSION);
    out.writeLong(count);
    if (count > 0) {
      out.writeLong(sum.high());
      out.writeLong(sum.low());
      out.writeLong(squares.high());
      out.writeLong(squares.low());
      out.writeLong(minNanos);
      out.writeLong(maxNanos);
      sketch.write(out);
    }
    return out.toBytes();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are no statistics of this version, or contradict
   *     themselves
   */
  public static HourStatistics fromBytes(byte[] bytes) {
    PackedReader in = new PackedReader(bytes, "hour statistics");
    in.expectVersion(VERSION);
    long count = in.readLong(0, Long.MAX_VALUE);
    if (count == 0) {
      in.end();
      return new HourStatistics();
    }
    ExactSum sum = new ExactSum(in.readLong(), in.readLong());
    ExactSum squares = new ExactSum(in.readLong(), in.readLong());
    long min = in.readLong(0, LEARNED_NANOS_MAX);
    long max = in.readLong(min, LEARNED_NANOS_MAX);
    DurationSketch sketch = DurationSketch.read(in);
    in.end();
    HourStatistics statistics = new HourStatistics(sum, squares, sketch);
    statistics.count = count;
    statistics.minNanos = min;
    statistics.maxNanos = max;
    if (!statistics.agreesWithItself()) {
      throw in.refusal("contradicts itself: its sums, extremes and bins do not fit together");
    }
    return statistics;
  }

  private boolean agreesWithItself() {
    BigInteger total = sum.value();
    BigInteger size = BigInteger.valueOf(count);
    return sketch.count() == count
        && sketch.quantileBin(0) == DurationSketch.bin(minNanos)
        && sketch.quantileBin(1) == DurationSketch.bin(maxNanos)
        && total.compareTo(size.multiply(BigInteger.valueOf(minNanos))) >= 0
        && total.compareTo(size.multiply(BigInteger.valueOf(maxNanos))) <= 0
        && scaledDeviations().signum() >= 0;
  }

  /** count * (sum of squares) - sum^2, which is count * M2. */
  private BigInteger scaledDeviations() {
    BigInteger total = sum.value();
    return squares.value().multiply(BigInteger.valueOf(count)).subtract(total.multiply(total));
  }

  private long clamp(long durationNanos) {
    return Math.max(minNanos, Math.min(maxNanos, durationNanos));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HourStatistics that && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return "HourStatistics[count="
        + count
        + ", meanNanos="
        + meanNanos()
        + ", stdDevNanos="
        + stdDevNanos()
        + "]";
  }
}
