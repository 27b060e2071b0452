package io.krystaline.sink.receive;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The secret that senders show in {@code Authorization: Bearer ...}. Immutable. */
public final class SenderToken {
  private static final String SCHEME = "Bearer ";

  private final byte[] token;

  /**
   * A token.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public SenderToken(String token) {
    if (token.isBlank()) {
      throw new IllegalArgumentException("the bearer token is blank");
    }
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Whether the value of an Authorization header shows this token, in a time that does not depend
   * on how much of it is right.
   */
  boolean matches(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] shown =
        authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(token, shown);
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "SenderToken[hidden]";
  }
}
