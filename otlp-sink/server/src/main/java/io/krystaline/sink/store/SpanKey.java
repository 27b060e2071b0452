package io.krystaline.sink.store;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;

/** What tells stored spans apart. */
record SpanKey(TraceId traceId, SpanId spanId) {
  /** The database's order of its primary keys. */
  static final Comparator<SpanKey> ORDER =
      Comparator.comparing(SpanKey::traceId, IdOrder.TRACE)
          .thenComparing(SpanKey::spanId, IdOrder.SPAN);

  static SpanKey of(Anomaly anomaly) {
    return new SpanKey(anomaly.traceId(), anomaly.spanId());
  }

  static SpanKey of(TraceSpan span) {
    return new SpanKey(span.traceId(), span.spanId());
  }

  /** Reads a row that begins with both ids. */
  static SpanKey read(ResultSet row) throws SQLException {
    return new SpanKey(IdBytes.traceId(row.getBytes(1)), IdBytes.spanId(row.getBytes(2)));
  }
}
