package io.krystaline.sink.store;

import io.krystaline.engine.score.Anomaly;
import java.util.Objects;

/**
 * An anomaly with the span that it was found on, as it is written.
 *
 * @param anomaly the anomaly
 * @param span the span as one self-contained serialized {@code TracesData} (its resource, its scope
 *     and itself). The array is not copied: whoever hands it over does not change it afterwards.
 */
@SuppressWarnings("ArrayRecordComponent") // identity semantics are wanted: nobody compares records
public record AnomalyRecord(Anomaly anomaly, byte[] span) {
  public AnomalyRecord {
    Objects.requireNonNull(anomaly, "anomaly");
    Objects.requireNonNull(span, "span");
  }
}
