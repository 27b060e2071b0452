package io.krystaline.bench.measure;

/** What is measured in a round. */
public enum Figure {
  SPANS_PER_SECOND("spansPerSecond", "spans/s", Better.HIGHER),
  CPU("cpuSecondsPerMillion", "CPU s/M spans", Better.LOWER),
  DATABASE_CPU("databaseCpuSecondsPerMillion", "  of its database", Better.LOWER),
  CLIENT_CPU("clientCpuSecondsPerMillion", "  of the client", Better.NEITHER),
  ALLOCATED("bytesAllocatedPerSpan", "bytes allocated/span", Better.LOWER),
  ACK_P50("ackMillisP50", "ack ms p50", Better.LOWER),
  ACK_P90("ackMillisP90", "ack ms p90", Better.LOWER),
  ACK_P99("ackMillisP99", "ack ms p99", Better.LOWER),
  ACK_P999("ackMillisP999", "ack ms p99.9", Better.LOWER),
  ACK_MAX("ackMillisMax", "ack ms max", Better.LOWER),
  READABLE_P50("anomalyReadableMillisP50", "anomaly readable ms p50", Better.LOWER),
  READABLE_P99("anomalyReadableMillisP99", "anomaly readable ms p99", Better.LOWER),
  READABLE_MAX("anomalyReadableMillisMax", "anomaly readable ms max", Better.LOWER),
  RESIDENT("residentMebibytes", "resident MiB", Better.LOWER),
  COLLECTIONS("collections", "collections", Better.LOWER),
  COLLECTION_MILLIS("collectionMillis", "collections, ms in all", Better.LOWER),
  COLLECTION_MAX("collectionMillisMax", "longest collection ms", Better.LOWER),
  ANOMALY_SHARE("anomalyShare", "anomalies stored/span", Better.NEITHER),
  REFUSED_SHARE("refusedShare", "spans refused/sent", Better.LOWER),
  SPANS("spans", "spans", Better.NEITHER);

  /** Which way is better. */
  enum Better {
    HIGHER,
    LOWER,
    NEITHER
  }

  private final String key;
  private final String label;
  private final Better better;

  Figure(String key, String label, Better better) {
    this.key = key;
    this.label = label;
    this.better = better;
  }

  /** Its name in JSON. */
  public String key() {
    return key;
  }

  /** Its name for people, with its unit. */
  public String label() {
    return label;
  }

  Better better() {
    return better;
  }
}
