package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;
import java.time.Instant;
import java.util.Objects;

/**
 * The baseline of an operation as it is kept.
 *
 * @param operation the operation
 * @param calculated when it was calculated, in microseconds at the finest
 * @param payload the serialized baseline. The array is not copied: whoever hands it over does not
 *     change it afterwards.
 */
@SuppressWarnings("ArrayRecordComponent") // identity semantics are wanted: nobody compares rows
public record StoredBaseline(OperationKey operation, Instant calculated, byte[] payload) {
  public StoredBaseline {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(calculated, "calculated");
    Objects.requireNonNull(payload, "payload");
  }
}
