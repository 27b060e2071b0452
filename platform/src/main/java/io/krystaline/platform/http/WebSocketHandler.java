package io.krystaline.platform.http;

/**
 * What happens on WebSocket sessions. Called on the session's event loop, for one session never
 * twice at once; it must not block.
 */
public interface WebSocketHandler {
  /** The handshake is done; {@link WebSocketSession#send} works from now on. */
  default void onOpen(WebSocketSession session) {}

  /** A text message, whole. */
  default void onText(WebSocketSession session, String text) {}

  /**
   * The session is over; called once for each session that was opened.
   *
   * @param code as in RFC 6455, 1006 if the connection was lost without a word
   */
  default void onClose(WebSocketSession session, int code, String reason) {}
}
