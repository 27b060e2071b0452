package io.krystaline.platform.http;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A request before its body: what a service needs to admit or to refuse it. For a request whose
 * first line cannot be read, {@code method} is {@code "-"} and {@code path} is {@code "/"}.
 *
 * @param method as sent, for example {@code GET}
 * @param path the path as sent, still percent-encoded, for example {@code /a%20b}
 * @param query what follows the question mark, still encoded; empty if there is none
 * @param headers the header fields
 * @param remote the peer's address
 * @param secure whether the connection is encrypted
 * @param protocol {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2}
 */
public record HttpRequestHead(
    String method,
    String path,
    String query,
    HttpHeaders headers,
    InetSocketAddress remote,
    boolean secure,
    String protocol) {

  /** Checks that nothing is missing. */
  public HttpRequestHead {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(query, "query");
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(remote, "remote");
    Objects.requireNonNull(protocol, "protocol");
  }

  /** The media type of the body in lower case without its parameters; empty if none is given. */
  public String mediaType() {
    return headers.first("content-type").map(MediaTypes::essence).orElse("");
  }

  /** Whether a WebSocket handshake is asked for. */
  public boolean asksForWebSocket() {
    return headers.containsToken("connection", "upgrade")
        && headers.containsToken("upgrade", "websocket");
  }
}
