package io.krystaline.engine.baseline;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is normal for one operation at each hour of the week. Immutable, read by any thread.
 *
 * <p>Holds up to 200 buckets: 168 hours of the week, 24 hours of any day, 7 days, one of all. Only
 * those with samples take space: 26 bytes each, so 5.9 KB in all for an operation seen in all
 * hours. For each hour of the week the bucket that it resolves to is fixed when the baseline is
 * built: the narrowest with at least {@code minSamples}, or none, while the operation is still
 * learning.
 */
public final class Baseline {
  /** Returned by {@link #thresholdNanos} where the operation is still learning. */
  public static final long NEVER = Long.MAX_VALUE;

  static final int FIRST_HOUR_OF_DAY = 168;
  static final int FIRST_DAY = 192;
  static final int GLOBAL = 199;
  static final int BUCKETS = 200;

  private static final int UNRESOLVED = 255;
  private static final int VERSION = 1;
  private static final Thresholds NO_THRESHOLDS =
      new Thresholds(new double[Thresholds.LEVELS], new double[Thresholds.LEVELS]);

  /** Knows nothing: the operation is still learning. */
  public static final Baseline LEARNING =
      new Baseline(ZoneOffset.UTC, 1, 0, true, NO_THRESHOLDS, new BucketColumns(0));

  private final ZoneId zone;
  private final int minSamples;
  private final long samples;
  private final boolean provisional;
  private final Thresholds thresholds;
  private final BucketColumns columns;

  /** By hour of the week: the number of the bucket that the hour is compared with. */
  private final byte[] resolved;

  Baseline(
      ZoneId zone,
      int minSamples,
      long samples,
      boolean provisional,
      Thresholds thresholds,
      BucketColumns columns) {
    this.zone = zone;
    this.minSamples = minSamples;
    this.samples = samples;
    this.provisional = provisional;
    this.thresholds = thresholds;
    this.columns = columns;
    this.resolved = new byte[HourOfWeek.HOURS];
    for (int hour = 0; hour < resolved.length; hour++) {
      resolved[hour] = (byte) narrowestBucket(hour);
    }
  }

  private int narrowestBucket(int hourOfWeek) {
    for (int bucket : fallbackChain(hourOfWeek)) {
      int row = columns.row(bucket);
      if (row >= 0 && columns.samples(row) >= minSamples) {
        return bucket;
      }
    }
    return UNRESOLVED;
  }

  /** The buckets that an hour of the week may be compared with, the narrowest first. */
  static int[] fallbackChain(int hourOfWeek) {
    return new int[] {
      hourOfWeek,
      FIRST_HOUR_OF_DAY + HourOfWeek.hourOfDay(hourOfWeek),
      FIRST_DAY + hourOfWeek / 24,
      GLOBAL
    };
  }

  /** How wide a bucket of this number is. */
  static BucketLevel level(int bucket) {
    if (bucket < FIRST_HOUR_OF_DAY) {
      return BucketLevel.HOUR_OF_WEEK;
    }
    if (bucket < FIRST_DAY) {
      return BucketLevel.HOUR_OF_DAY;
    }
    return bucket < GLOBAL ? BucketLevel.DAY_OF_WEEK : BucketLevel.GLOBAL;
  }

  /** The bucket that spans of an hour of the week, 0 to 167, are compared with. */
  public Optional<Bucket> resolve(int hourOfWeek) {
    int bucket = resolvedBucket(hourOfWeek);
    return bucket == UNRESOLVED ? Optional.empty() : Optional.of(read(bucket));
  }

  /** What was seen in one hour of the week, 0 to 167, however little. */
  public Optional<Bucket> hour(int hourOfWeek) {
    return columns.row(hourOfWeek) < 0 ? Optional.empty() : Optional.of(read(hourOfWeek));
  }

  /** All samples together. */
  public Optional<Bucket> global() {
    return columns.row(GLOBAL) < 0 ? Optional.empty() : Optional.of(read(GLOBAL));
  }

  /**
   * The duration that a span in an hour of the week must exceed to be of a severity: mean plus the
   * threshold's deviation, at least the mean.
   *
   * @param hourOfWeek 0 to 167
   * @param level 1 to 5
   * @return nanoseconds; {@link #NEVER} while still learning
   */
  public long thresholdNanos(int hourOfWeek, int level) {
    int bucket = resolvedBucket(hourOfWeek);
    if (bucket == UNRESOLVED) {
      return NEVER;
    }
    int row = columns.row(bucket);
    double mean = columns.meanNanos(row);
    double scale = Bucket.scaleNanos(mean, columns.stdDevNanos(row));
    return (long) (mean + thresholds.deviation(level) * scale);
  }

  /** The severity of a duration in an hour of the week: 1 to 5, or 0 where it is normal. */
  public int level(int hourOfWeek, long durationNanos) {
    for (int level = 1; level <= Thresholds.LEVELS; level++) {
      if (durationNanos > thresholdNanos(hourOfWeek, level)) {
        return level;
      }
    }
    return 0;
  }

  /** Whether no hour has anything to compare with yet. */
  public boolean isLearning() {
    return resolvedBucket(0) == UNRESOLVED;
  }

  /** Whether it rests on few samples, fewer than the setting {@code provisionalBelow}. */
  public boolean isProvisional() {
    return provisional;
  }

  /** The number of spans behind the whole baseline. */
  public long samples() {
    return samples;
  }

  /** The time zone of its hours and days. */
  public ZoneId zone() {
    return zone;
  }

  /** The learned thresholds; all zero while still learning. */
  public Thresholds thresholds() {
    return thresholds;
  }

  /** A compact form; 6 KB for all hours of the week, 150 bytes for a provisional baseline. */
  public byte[] toBytes() {
    PackedWriter out = new PackedWriter();
    out.writeByte(VERSION);
    out.writeText(zone.getId());
    out.writeLong(minSamples);
    out.writeLong(samples);
    out.writeByte(provisional ? 1 : 0);
    for (int level = 1; level <= Thresholds.LEVELS; level++) {
      out.writeDouble(thresholds.percentile(level));
      out.writeDouble(thresholds.deviation(level));
    }
    columns.write(out);
    return out.toBytes();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are no baseline of this version
   */
  public static Baseline fromBytes(byte[] bytes) {
    PackedReader in = new PackedReader(bytes, "baseline");
    in.expectVersion(VERSION);
    ZoneId zone = readZone(in);
    int minSamples = (int) in.readLong(1, Integer.MAX_VALUE);
    long samples = in.readLong(0, Long.MAX_VALUE);
    boolean provisional = in.readLong(0, 1) == 1;
    double[] percentiles = new double[Thresholds.LEVELS];
    double[] deviations = new double[Thresholds.LEVELS];
    for (int i = 0; i < Thresholds.LEVELS; i++) {
      percentiles[i] = in.readDouble();
      deviations[i] = in.readDouble();
    }
    BucketColumns columns = BucketColumns.read(in);
    in.end();
    Thresholds thresholds = new Thresholds(percentiles, deviations);
    return new Baseline(zone, minSamples, samples, provisional, thresholds, columns);
  }

  private static ZoneId readZone(PackedReader in) {
    String zone = in.readText();
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("stored baseline has the time zone '" + zone + "'", e);
    }
  }

  private int resolvedBucket(int hourOfWeek) {
    return resolved[hourOfWeek] & 0xFF;
  }

  private Bucket read(int bucket) {
    return columns.bucket(columns.row(bucket), level(bucket));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Baseline that && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return "Baseline[samples=" + samples + ", thresholds=" + thresholds + "]";
  }
}
