package io.krystaline.engine.score;

import io.krystaline.engine.span.SpanBatch;

/** Receives the spans of a batch that are recorded as anomalies. */
@FunctionalInterface
public interface MarkVisitor {
  /**
   * Called on the scoring thread, in the order of the batch, for one span in a hundred or fewer;
   * must not block. The batch is valid only during the call.
   *
   * @param row the span's row in the batch
   */
  void onMark(SpanBatch batch, int row, Anomaly anomaly);
}
