package io.krystaline.platform.http;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Certificate and key of a server.
 *
 * @param certificateChain PEM file, the server's own certificate first
 * @param privateKey PEM file of the PKCS#8 key, not encrypted
 */
public record TlsSettings(Path certificateChain, Path privateKey) {
  /** Checks that nothing is missing. */
  public TlsSettings {
    Objects.requireNonNull(certificateChain, "certificateChain");
    Objects.requireNonNull(privateKey, "privateKey");
  }
}
