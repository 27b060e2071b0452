package io.krystaline.engine.incident;

import io.krystaline.engine.detect.StreamAlarm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Identities that a replay of the same spans gives again. */
final class IncidentIds {
  private static final int BYTES = 8;

  private IncidentIds() {}

  /** 16 hex digits from the first alarm's service, channel and tick. */
  static String of(String service, StreamAlarm first) {
    String text = service + '\n' + first.channel() + '\n' + first.tick();
    return hash(text);
  }

  /** The first eight bytes of a text's SHA-256, in hex. */
  static String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
