package io.krystaline.platform.http;

/** One open WebSocket. Safe on every thread. */
public interface WebSocketSession {
  /** The handshake request. */
  HttpRequestHead head();

  /**
   * Puts a text message into the session's queue. Never blocks. When the queue is full the
   * session's {@link WebSocketSettings.SlowReaderPolicy} decides.
   *
   * @return whether the message was queued; false if the session is closed or the queue was full
   */
  boolean send(String text);

  /** Closes with a code of RFC 6455, for example 1000. A second call does nothing. */
  void close(int code, String reason);

  /** Whether the session is open. */
  boolean isOpen();
}
