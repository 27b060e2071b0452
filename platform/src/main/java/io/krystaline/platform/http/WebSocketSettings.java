package io.krystaline.platform.http;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * Origins and limits of a WebSocket route.
 *
 * @param origins origins a browser may connect from, for example {@code https://ui.example.org};
 *     the server's own origin is always allowed, and a client that sends no Origin is no browser
 * @param messageBytesMax longest message from a client; a longer one closes with 1009
 * @param pingInterval a ping is sent after this long without a sign of life
 * @param idleTimeout the session is closed after this long without a sign of life
 * @param outboundMessagesMax how many messages may wait for a slow reader
 * @param slowReader what happens when that many wait
 */
public record WebSocketSettings(
    Set<String> origins,
    int messageBytesMax,
    Duration pingInterval,
    Duration idleTimeout,
    int outboundMessagesMax,
    SlowReaderPolicy slowReader) {

  /** What to do when a client reads slower than it is sent to. */
  public enum SlowReaderPolicy {
    /** Close the session with 1013, try again later. */
    CLOSE,
    /** Drop the message that does not fit. */
    DROP_NEWEST,
    /** Drop the message that waits longest. */
    DROP_OLDEST
  }

  /** Checks every value. */
  public WebSocketSettings {
    origins = Set.copyOf(origins);
    Objects.requireNonNull(slowReader, "slowReader");
    HttpServerSettings.requirePositive("messageBytesMax", messageBytesMax);
    HttpServerSettings.requirePositive("outboundMessagesMax", outboundMessagesMax);
    HttpServerSettings.requirePositive("pingInterval", pingInterval);
    HttpServerSettings.requirePositive("idleTimeout", idleTimeout);
    if (idleTimeout.compareTo(pingInterval) <= 0) {
      throw new IllegalArgumentException("idleTimeout must be longer than pingInterval");
    }
  }

  /** 64 KiB messages, a ping every 20 s, 60 s idle, 1,024 waiting messages, slow readers closed. */
  public static WebSocketSettings defaults() {
    return new WebSocketSettings(
        Set.of(),
        64 * 1024,
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        1024,
        SlowReaderPolicy.CLOSE);
  }

  /** These settings with other origins. */
  public WebSocketSettings withOrigins(Set<String> allowed) {
    return new WebSocketSettings(
        allowed, messageBytesMax, pingInterval, idleTimeout, outboundMessagesMax, slowReader);
  }

  /** These settings with another queue. */
  public WebSocketSettings withOutbound(int messagesMax, SlowReaderPolicy policy) {
    return new WebSocketSettings(
        origins, messageBytesMax, pingInterval, idleTimeout, messagesMax, policy);
  }
}
