package io.krystaline.sink;

import io.krystaline.platform.config.Config;
import io.krystaline.platform.config.ConfigException;
import io.krystaline.platform.config.ConfigSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the sink listens, and who may talk to it.
 *
 * <p>On loopback nothing is asked. Anywhere else a port needs a bearer token, and TLS or the word
 * that plain text is meant.
 *
 * @param otlpHost address of OTLP over gRPC and HTTP
 * @param otlpGrpcPort port of OTLP over gRPC, 0 for a free one
 * @param otlpHttpPort port of OTLP over HTTP, 0 for a free one
 * @param apiHost address of the API
 * @param apiPort port of the API, 0 for a free one
 * @param otlpToken bearer token that senders show
 * @param apiToken bearer token that readers show
 * @param tls certificate chain and key, PEM, for all ports
 * @param capacity what senders can occupy
 * @param corsOrigins origins of pages that may send spans and read the API
 */
record ListenSettings(
    String otlpHost,
    int otlpGrpcPort,
    int otlpHttpPort,
    String apiHost,
    int apiPort,
    Optional<String> otlpToken,
    Optional<String> apiToken,
    Optional<PemFiles> tls,
    Capacity capacity,
    List<String> corsOrigins) {
  private static final String LOOPBACK = "127.0.0.1";

  /** The limits of OTLP/gRPC over all connections; a call beyond them is told to come again. */
  record Capacity(long bufferedBytesMax, int connectionsMax, int callsMax) {
    /**
     * By default messages on their way may take a quarter of the memory that the JVM may have, at
     * most 256 MiB.
     */
    static Capacity from(ConfigSection receive) {
      long mebibytes = Math.clamp(Runtime.getRuntime().maxMemory() >> 22, 1, 256);
      return new Capacity(
          receive.bytes("buffered-bytes", mebibytes + "MiB", 1 << 20, 1L << 36),
          receive.integer("connections", 1_024, 1, 1_000_000),
          receive.integer("calls", 4_096, 1, 1_000_000));
    }
  }

  /** A certificate chain and its key. */
  record PemFiles(Path certificate, Path key) {}

  /**
   * Reads {@code receive}, {@code api} and {@code tls}.
   *
   * @throws ConfigException if a port off loopback is not protected
   */
  static ListenSettings from(Config config) {
    ConfigSection receive = config.section("receive");
    ConfigSection api = config.section("api");
    ConfigSection tls = config.section("tls");
    Optional<Path> certificate = tls.optionalPath("certificate");
    Optional<Path> key = tls.optionalPath("key");
    if (certificate.isPresent() != key.isPresent()) {
      throw new ConfigException("tls.certificate and tls.key are set together or not at all");
    }
    ListenSettings settings =
        new ListenSettings(
            receive.text("host", LOOPBACK),
            receive.port("otlp-grpc-port", 4317),
            receive.port("otlp-http-port", 4318),
            api.text("host", LOOPBACK),
            api.port("port", 8090),
            receive.secret("token"),
            api.secret("token"),
            certificate.flatMap(chain -> key.map(secret -> new PemFiles(chain, secret))),
            Capacity.from(receive),
            api.list("cors-origins", List.of()));
    boolean insecure = config.root().flag("insecure", false);
    requireProtected(
        "receive", settings.otlpHost(), settings.otlpToken(), settings.tls(), insecure);
    requireProtected("api", settings.apiHost(), settings.apiToken(), settings.tls(), insecure);
    return settings;
  }

  private static void requireProtected(
      String section,
      String host,
      Optional<String> token,
      Optional<PemFiles> tls,
      boolean insecure) {
    if (isLoopback(section, host)) {
      return;
    }
    if (token.isEmpty()) {
      throw new ConfigException(
          section + ".host is " + host + ", not loopback: set " + section + ".token");
    }
    if (tls.isEmpty() && !insecure) {
      throw new ConfigException(
          section
              + ".host is "
              + host
              + ", not loopback: set tls.certificate and tls.key, or --insecure for plain text");
    }
  }

  private static boolean isLoopback(String section, String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new ConfigException(
          section + ".host is " + host + ", which is no address of this machine");
    }
  }
}
