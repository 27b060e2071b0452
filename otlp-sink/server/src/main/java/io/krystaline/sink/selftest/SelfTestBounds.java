package io.krystaline.sink.selftest;

/**
 * What a detector must reach.
 *
 * @param foundShareMin share of the faults found
 * @param firstSuspectShareMin share of those found whose service is the first suspect
 * @param secondsToDetectMedianMax median time from a fault's start to its incident
 */
public record SelfTestBounds(
    double foundShareMin, double firstSuspectShareMin, double secondsToDetectMedianMax) {
  /** 95 %, 90 %, 30 s. */
  public static final SelfTestBounds DEFAULT = new SelfTestBounds(0.95, 0.9, 30);
}
