package io.krystaline.sink.store;

import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.util.Comparator;

/** The order of identities as bytes, which is the database's order too. */
final class IdOrder {
  static final Comparator<TraceId> TRACE =
      Comparator.comparing(TraceId::high, Long::compareUnsigned)
          .thenComparing(TraceId::low, Long::compareUnsigned);

  static final Comparator<SpanId> SPAN = Comparator.comparing(SpanId::value, Long::compareUnsigned);

  private IdOrder() {}
}
