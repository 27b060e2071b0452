package io.krystaline.sink.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a webhook's body: {@code t=1795262400,v1=<hex>}, where {@code v1} is the
 * HMAC-SHA256, keyed with the shared secret, over the seconds since the epoch as text, a full stop,
 * and the body. A receiver computes it anew, compares in constant time, and refuses a time that
 * lies minutes away, so that a copy cannot be played back later.
 */
final class WebhookSignature {
  static final String HEADER = "Krystaline-Signature";
  private static final String ALGORITHM = "HmacSHA256";

  private WebhookSignature() {}

  static String of(byte[] body, String secret, Instant now) {
    String time = Long.toString(now.getEpochSecond());
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
      return "t=" + time + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
