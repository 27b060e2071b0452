package io.krystaline.sink.receive;

import io.krystaline.platform.http.TlsSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How OTLP/gRPC is served.
 *
 * @param address where to listen; port 0 takes a free one
 * @param messageBytesMax limit of one message, on the wire and once decompressed
 * @param bufferedBytesMax limit of all messages that are only partly received, over all
 *     connections; beyond it a call is answered UNAVAILABLE
 * @param connectionsMax connections at one time; one more is closed at once
 * @param callsPerConnectionMax concurrent calls of one connection; a sender knows it and waits
 * @param callsMax concurrent calls over all connections; one more is answered UNAVAILABLE
 * @param flowControlWindowBytes what a sender may send before it is acknowledged, per call and per
 *     connection
 * @param metadataBytesMax limit of a call's headers
 * @param permitKeepAlive how often a sender may ping, with or without a call
 * @param keepAliveTime how long a connection may be silent before it is pinged
 * @param keepAliveTimeout how long a ping may stay unanswered before its connection is closed
 * @param drainTimeout how long a stop waits for calls in flight
 * @param tls certificate and key; null serves plain text
 * @param token what senders must show; null asks for none
 */
public record GrpcSettings(
    InetSocketAddress address,
    int messageBytesMax,
    long bufferedBytesMax,
    int connectionsMax,
    int callsPerConnectionMax,
    int callsMax,
    int flowControlWindowBytes,
    int metadataBytesMax,
    Duration permitKeepAlive,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    Duration drainTimeout,
    @Nullable TlsSettings tls,
    @Nullable SenderToken token) {

  public GrpcSettings {
    Objects.requireNonNull(address, "address");
    requirePositive("messageBytesMax", messageBytesMax);
    requirePositive("connectionsMax", connectionsMax);
    requirePositive("callsPerConnectionMax", callsPerConnectionMax);
    requirePositive("callsMax", callsMax);
    requirePositive("flowControlWindowBytes", flowControlWindowBytes);
    requirePositive("metadataBytesMax", metadataBytesMax);
    if (bufferedBytesMax < messageBytesMax) {
      throw new IllegalArgumentException(
          "bufferedBytesMax "
              + bufferedBytesMax
              + " is less than messageBytesMax "
              + messageBytesMax);
    }
  }

  /** The defaults, plain text and without a token, at an address. */
  public static GrpcSettings at(InetSocketAddress address) {
    return new GrpcSettings(
        address,
        64 * 1024 * 1024,
        256L * 1024 * 1024,
        1024,
        256,
        4096,
        4 * 1024 * 1024,
        16 * 1024,
        Duration.ofSeconds(5),
        Duration.ofSeconds(60),
        Duration.ofSeconds(20),
        Duration.ofSeconds(10),
        null,
        null);
  }

  /** The same with another limit of a message. */
  public GrpcSettings withMessageBytesMax(int bytes) {
    return new GrpcSettings(
        address,
        bytes,
        Math.max(bufferedBytesMax, bytes),
        connectionsMax,
        callsPerConnectionMax,
        callsMax,
        flowControlWindowBytes,
        metadataBytesMax,
        permitKeepAlive,
        keepAliveTime,
        keepAliveTimeout,
        drainTimeout,
        tls,
        token);
  }

  /** The same with other bounds of what senders can occupy. */
  public GrpcSettings withCapacity(
      long newBufferedBytesMax,
      int newConnectionsMax,
      int newCallsPerConnectionMax,
      int newCallsMax) {
    return new GrpcSettings(
        address,
        messageBytesMax,
        newBufferedBytesMax,
        newConnectionsMax,
        newCallsPerConnectionMax,
        newCallsMax,
        flowControlWindowBytes,
        metadataBytesMax,
        permitKeepAlive,
        keepAliveTime,
        keepAliveTimeout,
        drainTimeout,
        tls,
        token);
  }

  /** The same behind TLS, or asking for a token, or both. */
  public GrpcSettings withSecurity(@Nullable TlsSettings newTls, @Nullable SenderToken newToken) {
    return new GrpcSettings(
        address,
        messageBytesMax,
        bufferedBytesMax,
        connectionsMax,
        callsPerConnectionMax,
        callsMax,
        flowControlWindowBytes,
        metadataBytesMax,
        permitKeepAlive,
        keepAliveTime,
        keepAliveTimeout,
        drainTimeout,
        newTls,
        newToken);
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
