package io.krystaline.sink.pipeline;

import java.time.Duration;

/**
 * The limits of the pipeline.
 *
 * @param lanes how many threads decode and score side by side, 1 or more
 * @param messageBytesMax one message after decompression
 * @param recentBytes the buffer of recent spans, all lanes together
 * @param recentSpans entries in that buffer, all lanes together
 * @param recentReach how far back that buffer is to reach: of more spans than fit for so long,
 *     whole traces are left out of it; 0 to leave out none
 * @param pendingAnomaliesMax anomalies scored and not yet committed; more, and messages are refused
 * @param commitAnomaliesMax anomalies in one transaction
 * @param commitInterval from the begin of a transaction to that of the next, at least; 0 for none
 * @param retryAfter what a refused sender is told to wait
 * @param probeInterval how often an idle or lost store is asked whether it is there
 * @param tracesMax traces of anomalies that are completed at a time; the oldest give way
 * @param traceWait how long later spans of such a trace are waited for
 * @param traceSpansMax spans kept of one trace
 * @param captureInterval how often the buffer is looked through
 * @param captureSpansPerSecondMax spans of marked traces written a second; more are dropped and
 *     counted
 */
public record PipelineSettings(
    int lanes,
    int messageBytesMax,
    long recentBytes,
    int recentSpans,
    Duration recentReach,
    int pendingAnomaliesMax,
    int commitAnomaliesMax,
    Duration commitInterval,
    Duration retryAfter,
    Duration probeInterval,
    int tracesMax,
    Duration traceWait,
    int traceSpansMax,
    Duration captureInterval,
    int captureSpansPerSecondMax) {
  private static final int MEBIBYTE = 1 << 20;

  public PipelineSettings {
    requirePositive("lanes", lanes);
    requirePositive("messageBytesMax", messageBytesMax);
    requirePositive("recentSpans", recentSpans);
    requirePositive("pendingAnomaliesMax", pendingAnomaliesMax);
    requirePositive("commitAnomaliesMax", commitAnomaliesMax);
    requirePositive("tracesMax", tracesMax);
    requirePositive("traceSpansMax", traceSpansMax);
    requirePositive("captureSpansPerSecondMax", captureSpansPerSecondMax);
  }

  /** The defaults for this many lanes. */
  public static PipelineSettings defaults(int lanes) {
    return new PipelineSettings(
        lanes,
        64 * MEBIBYTE,
        128L * MEBIBYTE,
        1 << 19,
        Duration.ofSeconds(10),
        20_000,
        2_000,
        Duration.ofMillis(5),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        8_192,
        Duration.ofSeconds(30),
        1_000,
        Duration.ofMillis(50),
        5_000);
  }

  /** Bytes of one lane's ring: its share of {@link #recentBytes}, at least one message. */
  int ringBytes() {
    return Math.clamp(recentBytes / lanes, messageBytesMax, Integer.MAX_VALUE - 16);
  }

  /** Entries of one lane's ring, a power of two, at least 1,024. */
  int ringSpans() {
    return Integer.highestOneBit(Math.max(1_024, recentSpans / lanes));
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is " + value + ", it must be more than 0");
    }
  }
}
