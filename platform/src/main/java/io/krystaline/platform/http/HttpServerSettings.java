package io.krystaline.platform.http;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a server listens and every limit it has. Start from {@link #defaults} and change what
 * differs.
 *
 * @param host address or name to bind to
 * @param port 0 picks a free one
 * @param tls certificate and key; empty for plain text
 * @param bodyBytesMax longest request body, unless the route says otherwise
 * @param bufferedBodyBytesMax bytes of all bodies held at once by the server; above it requests are
 *     refused with 503
 * @param headerBytesMax all header fields of a request together; more is 431
 * @param targetBytesMax longest request line; more is 414
 * @param connectionsMax open connections; further ones are closed at once
 * @param streamsPerConnectionMax concurrent requests of an HTTP/2 connection; an HTTP/1.1
 *     connection has one at a time, pipelined ones wait in order
 * @param blockingRequestsMax blocking handlers running at once
 * @param compressAboveBytes compressible answers longer than this are sent gzipped to clients that
 *     accept it; {@link Integer#MAX_VALUE} turns it off
 * @param headerTimeout from a request's first byte to the end of its head
 * @param bodyIdleTimeout between two pieces of a body
 * @param bodyTimeout from the end of the head to the end of the body
 * @param requestTimeout from the end of the body to the answer; then 503
 * @param writeTimeout for the client to take an answer
 * @param idleTimeout a connection without a request is closed after it
 * @param drainTimeout how long {@code close()} waits for requests in flight
 */
public record HttpServerSettings(
    String host,
    int port,
    Optional<TlsSettings> tls,
    long bodyBytesMax,
    long bufferedBodyBytesMax,
    int headerBytesMax,
    int targetBytesMax,
    int connectionsMax,
    int streamsPerConnectionMax,
    int blockingRequestsMax,
    int compressAboveBytes,
    Duration headerTimeout,
    Duration bodyIdleTimeout,
    Duration bodyTimeout,
    Duration requestTimeout,
    Duration writeTimeout,
    Duration idleTimeout,
    Duration drainTimeout) {

  /** Checks every value. */
  public HttpServerSettings {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(tls, "tls");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is not in 0..65535: " + port);
    }
    if (bodyBytesMax < 0 || bodyBytesMax > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("bodyBytesMax is not in 0..2^31-1: " + bodyBytesMax);
    }
    requirePositive("bufferedBodyBytesMax", bufferedBodyBytesMax);
    requirePositive("headerBytesMax", headerBytesMax);
    requirePositive("targetBytesMax", targetBytesMax);
    requirePositive("connectionsMax", connectionsMax);
    requirePositive("streamsPerConnectionMax", streamsPerConnectionMax);
    requirePositive("blockingRequestsMax", blockingRequestsMax);
    requirePositive("compressAboveBytes", compressAboveBytes);
    requirePositive("headerTimeout", headerTimeout);
    requirePositive("bodyIdleTimeout", bodyIdleTimeout);
    requirePositive("bodyTimeout", bodyTimeout);
    requirePositive("requestTimeout", requestTimeout);
    requirePositive("writeTimeout", writeTimeout);
    requirePositive("idleTimeout", idleTimeout);
    requirePositive("drainTimeout", drainTimeout);
  }

  /** Loopback on a free port; 1 MiB bodies, 256 MiB of them at once, 16 KiB headers. */
  public static HttpServerSettings defaults() {
    return new HttpServerSettings(
        "127.0.0.1",
        0,
        Optional.empty(),
        1 << 20,
        256 << 20,
        16 << 10,
        8 << 10,
        4096,
        128,
        64,
        1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(15),
        Duration.ofSeconds(120),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(75),
        Duration.ofSeconds(10));
  }

  /** These settings at another address. */
  public HttpServerSettings withAddress(String newHost, int newPort) {
    return copy().host(newHost).port(newPort).build();
  }

  /** A builder that starts from these settings. */
  public Builder copy() {
    return new Builder(this);
  }

  static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
  }

  static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
  }

  /** Collects changed settings; for one thread. */
  public static final class Builder {
    private String host;
    private int port;
    private Optional<TlsSettings> tls;
    private long bodyBytesMax;
    private long bufferedBodyBytesMax;
    private int headerBytesMax;
    private int targetBytesMax;
    private int connectionsMax;
    private int streamsPerConnectionMax;
    private int blockingRequestsMax;
    private int compressAboveBytes;
    private Duration headerTimeout;
    private Duration bodyIdleTimeout;
    private Duration bodyTimeout;
    private Duration requestTimeout;
    private Duration writeTimeout;
    private Duration idleTimeout;
    private Duration drainTimeout;

    private Builder(HttpServerSettings from) {
      host = from.host;
      port = from.port;
      tls = from.tls;
      bodyBytesMax = from.bodyBytesMax;
      bufferedBodyBytesMax = from.bufferedBodyBytesMax;
      headerBytesMax = from.headerBytesMax;
      targetBytesMax = from.targetBytesMax;
      connectionsMax = from.connectionsMax;
      streamsPerConnectionMax = from.streamsPerConnectionMax;
      blockingRequestsMax = from.blockingRequestsMax;
      compressAboveBytes = from.compressAboveBytes;
      headerTimeout = from.headerTimeout;
      bodyIdleTimeout = from.bodyIdleTimeout;
      bodyTimeout = from.bodyTimeout;
      requestTimeout = from.requestTimeout;
      writeTimeout = from.writeTimeout;
      idleTimeout = from.idleTimeout;
      drainTimeout = from.drainTimeout;
    }

    /** See {@link HttpServerSettings#host()}. */
    public Builder host(String value) {
      host = value;
      return this;
    }

    /** See {@link HttpServerSettings#port()}. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** See {@link HttpServerSettings#tls()}. */
    public Builder tls(TlsSettings value) {
      tls = Optional.of(value);
      return this;
    }

    /** See {@link HttpServerSettings#bodyBytesMax()}. */
    public Builder bodyBytesMax(long value) {
      bodyBytesMax = value;
      return this;
    }

    /** See {@link HttpServerSettings#bufferedBodyBytesMax()}. */
    public Builder bufferedBodyBytesMax(long value) {
      bufferedBodyBytesMax = value;
      return this;
    }

    /** See {@link HttpServerSettings#headerBytesMax()}. */
    public Builder headerBytesMax(int value) {
      headerBytesMax = value;
      return this;
    }

    /** See {@link HttpServerSettings#targetBytesMax()}. */
    public Builder targetBytesMax(int value) {
      targetBytesMax = value;
      return this;
    }

    /** See {@link HttpServerSettings#connectionsMax()}. */
    public Builder connectionsMax(int value) {
      connectionsMax = value;
      return this;
    }

    /** See {@link HttpServerSettings#streamsPerConnectionMax()}. */
    public Builder streamsPerConnectionMax(int value) {
      streamsPerConnectionMax = value;
      return this;
    }

    /** See {@link HttpServerSettings#blockingRequestsMax()}. */
    public Builder blockingRequestsMax(int value) {
      blockingRequestsMax = value;
      return this;
    }

    /** See {@link HttpServerSettings#compressAboveBytes()}. */
    public Builder compressAboveBytes(int value) {
      compressAboveBytes = value;
      return this;
    }

    /** See {@link HttpServerSettings#headerTimeout()}. */
    public Builder headerTimeout(Duration value) {
      headerTimeout = value;
      return this;
    }

    /** See {@link HttpServerSettings#bodyIdleTimeout()}. */
    public Builder bodyIdleTimeout(Duration value) {
      bodyIdleTimeout = value;
      return this;
    }

    /** See {@link HttpServerSettings#bodyTimeout()}. */
    public Builder bodyTimeout(Duration value) {
      bodyTimeout = value;
      return this;
    }

    /** See {@link HttpServerSettings#requestTimeout()}. */
    public Builder requestTimeout(Duration value) {
      requestTimeout = value;
      return this;
    }

    /** See {@link HttpServerSettings#writeTimeout()}. */
    public Builder writeTimeout(Duration value) {
      writeTimeout = value;
      return this;
    }

    /** See {@link HttpServerSettings#idleTimeout()}. */
    public Builder idleTimeout(Duration value) {
      idleTimeout = value;
      return this;
    }

    /** See {@link HttpServerSettings#drainTimeout()}. */
    public Builder drainTimeout(Duration value) {
      drainTimeout = value;
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public HttpServerSettings build() {
      return new HttpServerSettings(
          host,
          port,
          tls,
          bodyBytesMax,
          bufferedBodyBytesMax,
          headerBytesMax,
          targetBytesMax,
          connectionsMax,
          streamsPerConnectionMax,
          blockingRequestsMax,
          compressAboveBytes,
          headerTimeout,
          bodyIdleTimeout,
          bodyTimeout,
          requestTimeout,
          writeTimeout,
          idleTimeout,
          drainTimeout);
    }
  }
}
