package io.krystaline.bench.measure;

/**
 * What a sink counts, since its start or over a round.
 *
 * @param received spans of well-formed messages
 * @param rejected spans refused one by one
 * @param scored spans scored
 * @param anomaliesCommitted anomalies newly committed
 * @param anomaliesStored anomalies that the API finds
 * @param detected spans that detection has judged, found too late, or left out
 * @param failures transactions and passes of detection that failed
 */
record SinkCounts(
    long received,
    long rejected,
    long scored,
    long anomaliesCommitted,
    long anomaliesStored,
    long detected,
    long failures) {

  /** What was counted since an earlier time. */
  SinkCounts since(SinkCounts before) {
    return new SinkCounts(
        received - before.received,
        rejected - before.rejected,
        scored - before.scored,
        anomaliesCommitted - before.anomaliesCommitted,
        anomaliesStored - before.anomaliesStored,
        detected - before.detected,
        failures - before.failures);
  }
}
