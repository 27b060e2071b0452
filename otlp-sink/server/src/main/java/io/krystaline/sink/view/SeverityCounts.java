package io.krystaline.sink.view;

/** Anomalies by severity. */
public record SeverityCounts(long sev1, long sev2, long sev3, long sev4, long sev5) {
  /** No anomaly. */
  public static final SeverityCounts NONE = new SeverityCounts(0, 0, 0, 0, 0);

  /** These counts with {@code count} more of a level from 1 to 5. */
  public SeverityCounts plus(int level, long count) {
    return new SeverityCounts(
        sev1 + (level == 1 ? count : 0),
        sev2 + (level == 2 ? count : 0),
        sev3 + (level == 3 ? count : 0),
        sev4 + (level == 4 ? count : 0),
        sev5 + (level == 5 ? count : 0));
  }

  /** The sums of both, level by level. */
  public SeverityCounts plus(SeverityCounts other) {
    return new SeverityCounts(
        sev1 + other.sev1,
        sev2 + other.sev2,
        sev3 + other.sev3,
        sev4 + other.sev4,
        sev5 + other.sev5);
  }

  /** The sum over all levels. */
  public long sum() {
    return sev1 + sev2 + sev3 + sev4 + sev5;
  }
}
