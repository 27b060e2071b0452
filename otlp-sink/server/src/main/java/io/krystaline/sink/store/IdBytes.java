package io.krystaline.sink.store;

import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.nio.ByteBuffer;

/** Identities as the database holds them: 16 and 8 bytes, big-endian. */
final class IdBytes {
  private IdBytes() {}

  static byte[] of(TraceId id) {
    return ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array();
  }

  static byte[] of(SpanId id) {
    return ByteBuffer.allocate(8).putLong(id.value()).array();
  }

  static TraceId traceId(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new TraceId(buffer.getLong(), buffer.getLong());
  }

  static SpanId spanId(byte[] bytes) {
    return new SpanId(ByteBuffer.wrap(bytes).getLong());
  }
}
