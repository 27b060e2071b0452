package io.krystaline.engine.span;

import java.util.Objects;

/**
 * What a baseline belongs to: one named operation of one service in one role.
 *
 * @param service the resource's {@code service.name}, {@code unknown_service} where absent
 * @param operation the span's name
 * @param kind the span's kind
 */
public record OperationKey(String service, String operation, SpanKind kind) {
  public OperationKey {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(kind, "kind");
  }
}
