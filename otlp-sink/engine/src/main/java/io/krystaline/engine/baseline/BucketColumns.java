package io.krystaline.engine.baseline;

import java.util.Arrays;

/**
 * The buckets of a baseline as columns, 26 bytes a row: samples and four figures of 4 bytes each,
 * and three percentiles as sketch bins of 2 bytes. Rows are in ascending order of the bucket's
 * number. Filled once, then read only.
 */
final class BucketColumns {
  private static final int PERCENTILES = 3;

  /** By bucket number: the row + 1, 0 where there is none. */
  private final byte[] rows = new byte[Baseline.BUCKETS];

  /** Unsigned; more samples than 2^32 - 1 are kept as that. */
  private final int[] samples;

  private final float[] figures;
  private final char[] percentileBins;
  private int size;

  BucketColumns(int capacity) {
    samples = new int[capacity];
    figures = new float[capacity * 4];
    percentileBins = new char[capacity * PERCENTILES];
  }

  void add(int bucket, HourStatistics statistics) {
    DurationSketch sketch = statistics.sketch();
    add(
        bucket,
        statistics.count(),
        new float[] {
          (float) statistics.meanNanos(),
          (float) statistics.stdDevNanos(),
          statistics.minNanos(),
          statistics.maxNanos()
        },
        new int[] {sketch.quantileBin(0.50), sketch.quantileBin(0.95), sketch.quantileBin(0.99)});
  }

  private void add(int bucket, long count, float[] rowFigures, int[] bins) {
    rows[bucket] = (byte) (size + 1);
    samples[size] = (int) Math.min(count, 0xFFFF_FFFFL);
    System.arraycopy(rowFigures, 0, figures, size * 4, 4);
    for (int i = 0; i < PERCENTILES; i++) {
      percentileBins[size * PERCENTILES + i] = (char) bins[i];
    }
    size++;
  }

  /** The row of a bucket, -1 where there is none. */
  int row(int bucket) {
    return (rows[bucket] & 0xFF) - 1;
  }

  long samples(int row) {
    return Integer.toUnsignedLong(samples[row]);
  }

  double meanNanos(int row) {
    return figures[row * 4];
  }

  double stdDevNanos(int row) {
    return figures[row * 4 + 1];
  }

  Bucket bucket(int row, BucketLevel level) {
    return new Bucket(
        level,
        samples(row),
        meanNanos(row),
        stdDevNanos(row),
        figures[row * 4 + 2],
        figures[row * 4 + 3],
        percentileNanos(row, 0),
        percentileNanos(row, 1),
        percentileNanos(row, 2));
  }

  private double percentileNanos(int row, int which) {
    double middle = DurationSketch.middleNanos(percentileBins[row * PERCENTILES + which]);
    return Math.max(figures[row * 4 + 2], Math.min(figures[row * 4 + 3], middle));
  }

  void write(PackedWriter out) {
    out.writeLong(size);
    for (int bucket = 0; bucket < Baseline.BUCKETS; bucket++) {
      int row = row(bucket);
      if (row < 0) {
        continue;
      }
      out.writeByte(bucket);
      out.writeLong(samples(row));
      for (int i = 0; i < 4; i++) {
        out.writeFloat(figures[row * 4 + i]);
      }
      for (int i = 0; i < PERCENTILES; i++) {
        out.writeLong(percentileBins[row * PERCENTILES + i]);
      }
    }
  }

  static BucketColumns read(PackedReader in) {
    int size = (int) in.readLong(0, Baseline.BUCKETS);
    BucketColumns columns = new BucketColumns(size);
    int previous = -1;
    for (int row = 0; row < size; row++) {
      int bucket = in.readByte();
      if (bucket <= previous || bucket >= Baseline.BUCKETS) {
        throw in.refusal("has the bucket " + bucket + " after " + previous);
      }
      long count = in.readLong(1, 0xFFFF_FFFFL);
      float[] figures = new float[4];
      for (int i = 0; i < 4; i++) {
        figures[i] = in.readFloat();
      }
      int[] bins = new int[PERCENTILES];
      for (int i = 0; i < PERCENTILES; i++) {
        bins[i] = (int) in.readLong(0, DurationSketch.BINS - 1);
      }
      columns.add(bucket, count, figures, bins);
      previous = bucket;
    }
    return columns;
  }

  @Override
  public String toString() {
    return "BucketColumns" + Arrays.toString(samples);
  }
}
