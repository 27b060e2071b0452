package io.krystaline.engine.baseline;

import java.util.Arrays;
import java.util.List;

/**
 * Reads the five thresholds from the past deviations of an operation.
 *
 * <p>A sketch's bin gives one deviation, that of its upper edge, with the bin's count as its
 * weight. The edge lies beyond every duration of the bin, so durations that do not vary never mark
 * themselves. Deviations are ordered to within 6e-8.
 *
 * <p>With {@code N} samples and percentile {@code q}: where {@code N (1 - q) >= 1}, the smallest
 * deviation that a share {@code q} does not exceed. Beyond that the samples cannot tell, and the
 * longest duration {@code x} is extrapolated by a Pareto tail of index 1: {@code x / ((1 - q) (N +
 * 1))}. Worked: 300 samples up to 40 ms put p99.9 at 40 / (0.001 x 301) = 133 ms.
 */
final class ThresholdLearner {
  /** So that 1,000 samples do support p99.9, although 1 - 0.999 is not quite 0.001. */
  private static final double ROUNDING = 1e-6;

  private final List<Double> percentiles;
  private Entry[] entries = new Entry[256];
  private int size;
  private long samples;

  /** One bin: the deviation of its upper edge, and what it was measured against. */
  private record Entry(
      double deviation, double edgeNanos, double meanNanos, double scaleNanos, long count) {}

  ThresholdLearner(List<Double> percentiles) {
    this.percentiles = percentiles;
  }

  /** Adds the past of some hours, with the mean and deviation that they are compared with. */
  void add(DurationSketch sketch, double meanNanos, double stdDevNanos) {
    double scale = Bucket.scaleNanos(meanNanos, stdDevNanos);
    sketch.forEachBin(
        (bin, count) -> {
          double edge = DurationSketch.upperEdgeNanos(bin);
          append(new Entry((edge - meanNanos) / scale, edge, meanNanos, scale, count));
        });
    samples += sketch.count();
  }

  Thresholds learn() {
    double[] levels = percentiles.stream().mapToDouble(Double::doubleValue).toArray();
    double[] deviations = new double[levels.length];
    if (samples > 0) {
      Entry[] sorted = Arrays.copyOf(entries, size);
      Arrays.sort(sorted, (a, b) -> Double.compare(a.deviation, b.deviation));
      for (int i = 0; i < levels.length; i++) {
        deviations[i] = Math.max(0, deviation(sorted, levels[i]));
      }
    }
    return new Thresholds(levels, deviations);
  }

  private double deviation(Entry[] sorted, double percentile) {
    double beyond = (100 - percentile) / 100;
    if (samples * beyond < 1 - ROUNDING) {
      Entry largest = sorted[sorted.length - 1];
      double stretch = Math.max(1, 1 / (beyond * (samples + 1)));
      return (largest.edgeNanos * stretch - largest.meanNanos) / largest.scaleNanos;
    }
    long rank = (long) Math.ceil(samples * (percentile / 100) - ROUNDING);
    long seen = 0;
    for (Entry entry : sorted) {
      seen += entry.count;
      if (seen >= rank) {
        return entry.deviation;
      }
    }
    return sorted[sorted.length - 1].deviation;
  }

  private void append(Entry entry) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
    }
    entries[size++] = entry;
  }
}
