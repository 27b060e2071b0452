package io.krystaline.sink.store;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Objects;

/**
 * A place in the list of anomalies: the last one that was seen. It stays valid while anomalies are
 * added or removed around it. To a client it is an opaque text.
 *
 * @param startNanos the start of the last anomaly seen, nanoseconds since the Unix epoch
 * @param traceId its trace
 * @param spanId its span
 */
public record AnomalyCursor(long startNanos, TraceId traceId, SpanId spanId) {
  private static final byte VERSION = 1;
  private static final int LENGTH = 1 + 8 + 16 + 8;

  public AnomalyCursor {
    Objects.requireNonNull(traceId, "traceId");
    Objects.requireNonNull(spanId, "spanId");
  }

  /** The place just behind this anomaly. */
  public static AnomalyCursor after(Anomaly anomaly) {
    return new AnomalyCursor(anomaly.startNanos(), anomaly.traceId(), anomaly.spanId());
  }

  /**
   * Reads the text that {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the text is not one that {@link #encode} writes
   */
  public static AnomalyCursor decode(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a cursor: " + abbreviate(text), e);
    }
    if (bytes.length != LENGTH || bytes[0] != VERSION) {
      throw new IllegalArgumentException("not a cursor: " + abbreviate(text));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, LENGTH - 1);
    return new AnomalyCursor(
        buffer.getLong(),
        new TraceId(buffer.getLong(), buffer.getLong()),
        new SpanId(buffer.getLong()));
  }

  /** The cursor as 44 characters of base64url. */
  public String encode() {
    byte[] bytes =
        ByteBuffer.allocate(LENGTH)
            .put(VERSION)
            .putLong(startNanos)
            .putLong(traceId.high())
            .putLong(traceId.low())
            .putLong(spanId.value())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String abbreviate(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "...";
  }
}
