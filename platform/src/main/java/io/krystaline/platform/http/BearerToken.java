package io.krystaline.platform.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;

/**
 * Lets only requests with the right token through. The token comes as {@code Authorization: Bearer
 * TOKEN}, or, as a browser's WebSocket can set no header, as {@code Sec-WebSocket-Protocol: bearer,
 * TOKEN}. Compared in constant time. Others are answered 401 before their body is read. Immutable.
 */
public final class BearerToken {
  static final String SUBPROTOCOL = "bearer";

  private final byte[] expected;
  private final Set<String> openPaths;

  /**
   * A check.
   *
   * @param token at least 16 characters
   * @param openPaths paths that need no token, such as {@code /health}
   * @throws IllegalArgumentException if the token is too short
   */
  public BearerToken(String token, Set<String> openPaths) {
    if (token.length() < 16) {
      throw new IllegalArgumentException("a bearer token has at least 16 characters");
    }
    this.expected = digest(token);
    this.openPaths = Set.copyOf(openPaths);
  }

  /** The service behind this check. */
  public HttpService around(HttpService service) {
    return new HttpService() {
      @Override
      public Admission admit(HttpRequestHead head) {
        if (openPaths.contains(head.path()) || isAllowed(head)) {
          return service.admit(head);
        }
        HttpError error = new HttpError(401, "a bearer token is needed");
        return new Admission.Refuse(error.withHeader("www-authenticate", "Bearer"));
      }

      @Override
      public HttpResponse decorate(HttpRequestHead head, HttpResponse response) {
        return service.decorate(head, response);
      }
    };
  }

  /** Whether the request carries the token. */
  public boolean isAllowed(HttpRequestHead head) {
    List<String> given = head.headers().all("authorization");
    if (given.size() == 1 && given.getFirst().regionMatches(true, 0, "bearer ", 0, 7)) {
      return matches(given.getFirst().substring(7).strip());
    }
    String protocols = head.headers().first("sec-websocket-protocol").orElse("");
    int comma = protocols.indexOf(',');
    return comma > 0
        && head.asksForWebSocket()
        && protocols.substring(0, comma).strip().equals(SUBPROTOCOL)
        && matches(protocols.substring(comma + 1).strip());
  }

  private boolean matches(String token) {
    return MessageDigest.isEqual(expected, digest(token));
  }

  /** Digests have one length, so that the comparison tells nothing of the token's. */
  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
