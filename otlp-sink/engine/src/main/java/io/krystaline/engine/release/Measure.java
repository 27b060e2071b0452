package io.krystaline.engine.release;

/**
 * What a new version is compared by: the share of its spans beyond a mark that the old version's
 * spans seldom pass.
 *
 * @see Yardstick
 */
enum Measure {
  /** Spans slower than the old version's median and the margin: all a bit slower. */
  MEDIAN(0.5, 1.5),
  /** Spans slower than the old version's 95th percentile and the margin: some much slower. */
  TAIL(0.1, 4),
  /** Failed spans. */
  FAILED(0.01, 4);

  static final int COUNT = 3;

  /** The least share that counts as worse, before what the old version itself shows. */
  final double shareMin;

  /** The largest bet on one tick, so that no single tick convicts. */
  final double betMax;

  Measure(double shareMin, double betMax) {
    this.shareMin = shareMin;
    this.betMax = betMax;
  }
}
