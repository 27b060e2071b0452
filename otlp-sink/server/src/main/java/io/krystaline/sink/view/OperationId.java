package io.krystaline.sink.view;

import io.krystaline.engine.span.OperationKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * The name of an operation in URLs: the first 96 bits of the SHA-256 of its key, in URL-safe
 * Base64, for example {@code qL5k0f1mVv8Zr3aH}. The same operation has the same id in every sink
 * and after every restart.
 */
public final class OperationId {
  /** Number of characters. */
  public static final int LENGTH = 16;

  private static final int BYTES = 12;

  private OperationId() {}

  /** The id of a key. */
  public static String of(OperationKey key) {
    MessageDigest digest = sha256();
    digest.update(key.service().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0xff); // occurs in no UTF-8 text, so no two keys give the same bytes
    digest.update(key.operation().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0xff);
    byte[] hash = digest.digest(key.kind().name().getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, BYTES));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
