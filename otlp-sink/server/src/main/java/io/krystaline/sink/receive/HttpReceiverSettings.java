package io.krystaline.sink.receive;

import io.krystaline.platform.http.BearerToken;
import io.krystaline.platform.http.CorsPolicy;
import io.krystaline.platform.http.HttpServerSettings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How OTLP/HTTP is served.
 *
 * @param server where to listen, and the server's limits; its limit of a body is replaced by {@code
 *     messageBytesMax}
 * @param messageBytesMax limit of one message, on the wire and once decompressed
 * @param cors which web pages may send
 * @param token what senders must show; null asks for none
 */
public record HttpReceiverSettings(
    HttpServerSettings server, int messageBytesMax, CorsPolicy cors, @Nullable BearerToken token) {

  public HttpReceiverSettings {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(cors, "cors");
    if (messageBytesMax <= 0) {
      throw new IllegalArgumentException(
          "messageBytesMax must be positive, not " + messageBytesMax);
    }
  }

  /** Messages up to 64 MiB, no token. */
  public static HttpReceiverSettings of(HttpServerSettings server, CorsPolicy cors) {
    return new HttpReceiverSettings(server, 64 * 1024 * 1024, cors, null);
  }
}
