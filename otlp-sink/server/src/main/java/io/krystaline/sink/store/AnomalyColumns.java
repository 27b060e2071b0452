package io.krystaline.sink.store;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.score.ExpectedDuration;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.db.SqlArray;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The table {@code anomaly}: its rows from and to whole columns. */
final class AnomalyColumns {
  static final String NAMES =
      "start_ns, end_ns, detected_ns, deviation, mean_ms, std_dev_ms, p50_ms, p95_ms, p99_ms,"
          + " samples, severity, kind, trace_id, span_id, service, operation, bucket, explanation";

  private static final String INSERT =
      """
      INSERT INTO anomaly (%s, span, stored_at)
      SELECT *, ? FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING
      RETURNING trace_id, span_id
      """
          .formatted(NAMES);

  private final long[] start;
  private final long[] end;
  private final long[] detected;
  private final long[] samples;
  private final double[] deviation;
  private final double[] mean;
  private final double[] stdDev;
  private final double[] p50;
  private final double[] p95;
  private final double[] p99;
  private final int[] severity;
  private final int[] kind;
  private final byte[][] traceId;
  private final byte[][] spanId;
  private final byte[][] span;
  private final String[] service;
  private final String[] operation;
  private final String[] bucket;
  private final String[] explanation;

  AnomalyColumns(List<AnomalyRecord> records) {
    int size = records.size();
    start = new long[size];
    end = new long[size];
    detected = new long[size];
    samples = new long[size];
    deviation = new double[size];
    mean = new double[size];
    stdDev = new double[size];
    p50 = new double[size];
    p95 = new double[size];
    p99 = new double[size];
    severity = new int[size];
    kind = new int[size];
    traceId = new byte[size][];
    spanId = new byte[size][];
    span = new byte[size][];
    service = new String[size];
    operation = new String[size];
    bucket = new String[size];
    explanation = new String[size];
    for (int row = 0; row < size; row++) {
      set(row, records.get(row).anomaly());
      span[row] = records.get(row).span();
    }
  }

  private void set(int row, Anomaly anomaly) {
    start[row] = anomaly.startNanos();
    end[row] = anomaly.endNanos();
    detected[row] = anomaly.detectedNanos();
    deviation[row] = anomaly.deviation();
    ExpectedDuration expected = anomaly.expected();
    mean[row] = expected.meanMillis();
    stdDev[row] = expected.stdDevMillis();
    p50[row] = expected.p50Millis();
    p95[row] = expected.p95Millis();
    p99[row] = expected.p99Millis();
    samples[row] = expected.samples();
    bucket[row] = StoredText.clean(expected.bucket(), StoredText.NAME_BYTES_MAX);
    severity[row] = anomaly.severity().level();
    OperationKey key = StoredText.clean(anomaly.operation());
    kind[row] = key.kind().ordinal();
    service[row] = key.service();
    operation[row] = key.operation();
    traceId[row] = IdBytes.of(anomaly.traceId());
    spanId[row] = IdBytes.of(anomaly.spanId());
    explanation[row] = StoredText.clean(anomaly.explanation(), StoredText.SENTENCE_BYTES_MAX);
  }

  /**
   * Stores the rows that are not there yet.
   *
   * @return which those were
   */
  Set<SpanKey> insert(Connection connection, OffsetDateTime now) throws SQLException {
    // In the order of NAMES, the span last.
    SqlArray[] columns = {
      SqlArray.ofLongs(start),
      SqlArray.ofLongs(end),
      SqlArray.ofLongs(detected),
      SqlArray.ofDoubles(deviation),
      SqlArray.ofDoubles(mean),
      SqlArray.ofDoubles(stdDev),
      SqlArray.ofDoubles(p50),
      SqlArray.ofDoubles(p95),
      SqlArray.ofDoubles(p99),
      SqlArray.ofLongs(samples),
      SqlArray.ofInts(severity),
      SqlArray.ofInts(kind),
      SqlArray.ofBytes(traceId),
      SqlArray.ofBytes(spanId),
      SqlArray.ofTexts(service),
      SqlArray.ofTexts(operation),
      SqlArray.ofTexts(bucket),
      SqlArray.ofTexts(explanation),
      SqlArray.ofBytes(span)
    };
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setObject(1, now);
      for (int i = 0; i < columns.length; i++) {
        columns[i].set(statement, i + 2);
      }
      Set<SpanKey> stored = new HashSet<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          stored.add(SpanKey.read(rows));
        }
      }
      return stored;
    }
  }

  /** Reads a row of {@link #NAMES}. */
  static Anomaly read(ResultSet row) throws SQLException {
    return new Anomaly(
        IdBytes.traceId(row.getBytes("trace_id")),
        IdBytes.spanId(row.getBytes("span_id")),
        new OperationKey(
            row.getString("service"),
            row.getString("operation"),
            SpanKind.fromWire(row.getInt("kind"))),
        Severity.ofLevel(row.getInt("severity")),
        row.getLong("start_ns"),
        row.getLong("end_ns"),
        row.getLong("detected_ns"),
        row.getDouble("deviation"),
        new ExpectedDuration(
            row.getDouble("mean_ms"),
            row.getDouble("std_dev_ms"),
            row.getDouble("p50_ms"),
            row.getDouble("p95_ms"),
            row.getDouble("p99_ms"),
            row.getLong("samples"),
            row.getString("bucket")),
        row.getString("explanation"));
  }
}
