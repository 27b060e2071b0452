package io.krystaline.sink.pipeline;

import io.krystaline.engine.score.Anomaly;
import java.util.List;

/**
 * Learns of anomalies as soon as they are committed.
 *
 * <p>Called on the writer's thread, once a transaction, in the order of commits; it must not block.
 */
@FunctionalInterface
public interface AnomalyListener {

  /** Anomalies that were not stored before, in the order in which they were scored. */
  void onCommitted(List<Anomaly> anomalies);
}
