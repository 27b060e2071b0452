package io.krystaline.engine.release;

import io.krystaline.engine.span.TraceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One operation of one version: its trailing durations and failures, and how many of its spans of
 * this tick and minute were beyond the old version's marks. Owned by one thread.
 *
 * <p>Where the version is the old one, its marks are read from here: they follow from minutes that
 * are over, so they are known before the spans that they are held against.
 */
final class OperationTally {
  static final double SAMPLES_MIN = 100;
  private static final double MEDIAN = 0.5;
  private static final double TAIL = 0.95;
  private static final int TRACES = 8;
  private static final long UNKNOWN = -1;

  final int operation;

  // Of the last hours, without the last two minutes and without what was in alarm.
  final DurationCounts trailing = new DurationCounts();
  private double trailingFailed;
  private DurationCounts minute = new DurationCounts();
  private DurationCounts minuteBefore = new DurationCounts();
  private int minuteFailed;
  private int minuteBeforeFailed;

  // Against the old version's marks: all spans, then those beyond by measure.
  final MinuteCounts counts = new MinuteCounts();
  private long medianMarkNanos = UNKNOWN;
  private long tailMarkNanos = UNKNOWN;

  // Since the trial began.
  final DurationCounts onTrial = new DurationCounts();
  final long[] trialCounts = new long[Measure.COUNT + 1];
  Wealth wealth = new Wealth();

  private final long[] worse = new long[TRACES * 2];
  private final long[] usual = new long[TRACES * 2];
  private int worseTraces;
  private int usualTraces;

  OperationTally(int operation) {
    this.operation = operation;
  }

  /**
   * Counts a span.
   *
   * @param old the same operation of the old version; this where the version is the old one itself
   */
  void observe(long nanos, boolean failed, OperationTally old, boolean trial, long high, long low) {
    int bin = DurationCounts.bin(nanos);
    minute.add(bin);
    minuteFailed += failed ? 1 : 0;
    if (trial) {
      onTrial.add(bin);
    }
    if (old.medianMarkNanos == UNKNOWN) {
      return;
    }
    boolean beyond = counts.add(nanos > old.medianMarkNanos, nanos > old.tailMarkNanos, failed);
    if (beyond) {
      worseTraces = note(worse, worseTraces, high, low);
    } else {
      usualTraces = note(usual, usualTraces, high, low);
    }
  }

  private static int note(long[] traces, int count, long high, long low) {
    int at = count % TRACES * 2;
    traces[at] = high;
    traces[at + 1] = low;
    return count + 1;
  }

  /** Ends a minute. The minute before it is learned where it was normal. */
  void closeMinute(boolean learn, double decay) {
    if (learn && minuteBefore.total() > 0) {
      trailing.scale(decay);
      trailing.addAll(minuteBefore);
      trailingFailed = trailingFailed * decay + minuteBeforeFailed;
    }
    counts.closeMinute(learn, decay);
    DurationCounts emptied = minuteBefore;
    emptied.clear();
    minuteBefore = minute;
    minuteBeforeFailed = minuteFailed;
    minute = emptied;
    minuteFailed = 0;
  }

  /** Sets the marks anew from what was learned, once that is enough. */
  void mark(long marginNanos, double marginFactor) {
    if (trailing.total() >= SAMPLES_MIN) {
      medianMarkNanos = beyond(trailing.quantileNanos(MEDIAN), marginNanos, marginFactor);
      tailMarkNanos = beyond(trailing.quantileNanos(TAIL), marginNanos, marginFactor);
    }
  }

  private static long beyond(long nanos, long marginNanos, double factor) {
    return Math.max((long) (nanos * factor), nanos + marginNanos);
  }

  /** Whether there are marks to hold spans against. */
  boolean hasMarks() {
    return medianMarkNanos != UNKNOWN;
  }

  /** Forgets how it compared with an old version, as that is another one now. */
  void restart() {
    counts.restart();
    onTrial.clear();
    Arrays.fill(trialCounts, 0);
    wealth = new Wealth();
    worseTraces = 0;
  }

  /** Forgets what is under way: the stream has ended. */
  void endStream() {
    minute.clear();
    minuteBefore.clear();
    minuteFailed = 0;
    minuteBeforeFailed = 0;
    counts.endStream();
  }

  /** The share of failed spans among those learned. */
  double failedShare() {
    return trailing.total() == 0 ? 0 : trailingFailed / trailing.total();
  }

  List<TraceId> worseTraces() {
    return traces(worse, worseTraces);
  }

  List<TraceId> usualTraces() {
    return traces(usual, usualTraces);
  }

  private static List<TraceId> traces(long[] from, int count) {
    List<TraceId> traces = new ArrayList<>();
    for (int i = 0; i < Math.min(count, TRACES); i++) {
      traces.add(new TraceId(from[i * 2], from[i * 2 + 1]));
    }
    return traces.stream().distinct().toList();
  }
}
