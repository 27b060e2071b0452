package io.krystaline.platform.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.flow.FlowControlHandler;
import java.util.Optional;

/** Checks and performs the handshake of a WebSocket. Runs on the connection's event loop. */
// A write or close that fails ends the channel, and that is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
final class WebSocketUpgrade {
  private WebSocketUpgrade() {}

  /** Why the handshake is refused, if it is. */
  static Optional<HttpError> refusal(HttpRequestHead head, WebSocketSettings settings) {
    if (!isOriginAllowed(head, settings)) {
      return Optional.of(new HttpError(403, "this origin may not open a WebSocket here"));
    }
    if (!head.headers().first("sec-websocket-version").orElse("").equals("13")) {
      HttpError error = new HttpError(426, "the WebSocket version is 13");
      return Optional.of(
          error.withHeader("sec-websocket-version", "13").withHeader("upgrade", "websocket"));
    }
    if (head.headers().first("sec-websocket-key").orElse("").length() != 24) {
      return Optional.of(new HttpError(400, "Sec-WebSocket-Key is missing or not valid"));
    }
    return Optional.empty();
  }

  /** A browser always sends an Origin; what sends none is no browser. */
  static boolean isOriginAllowed(HttpRequestHead head, WebSocketSettings settings) {
    Optional<String> origin = head.headers().first("origin");
    if (origin.isEmpty()) {
      return true;
    }
    String own = (head.secure() ? "https://" : "http://") + head.headers().first("host").orElse("");
    return origin.get().equalsIgnoreCase(own) || settings.origins().contains(origin.get());
  }

  /** Answers the handshake and puts the session where the HTTP/1.1 flow was. */
  static void open(
      ServerContext server,
      ConnectionWatch watch,
      ChannelHandlerContext flow,
      HttpRequest request,
      HttpRequestHead head,
      Admission.OpenWebSocket admission) {
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshaker13(
            head.path(),
            BearerToken.SUBPROTOCOL,
            WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(admission.settings().messageBytesMax())
                .allowExtensions(false)
                // The session closes by itself, and tells its handler the code.
                .closeOnProtocolViolation(false)
                .build());
    ChannelPipeline pipeline = flow.pipeline();
    DefaultFullHttpRequest full =
        new DefaultFullHttpRequest(
            request.protocolVersion(),
            request.method(),
            request.uri(),
            Unpooled.EMPTY_BUFFER,
            request.headers(),
            EmptyHttpHeaders.INSTANCE);
    ChannelFuture answered = handshaker.handshake(flow.channel(), full);
    WebSocketConnection session = new WebSocketConnection(server, watch, flow, head, admission);
    pipeline.addLast(new Utf8FrameValidator(false));
    pipeline.addLast(new WebSocketFrameAggregator(admission.settings().messageBytesMax()));
    pipeline.addLast(session);
    pipeline.remove(FlowControlHandler.class);
    pipeline.remove(Http1Flow.class);
    watch.add(session);
    answered.addListener(
        done -> {
          if (done.isSuccess()) {
            session.open();
          } else {
            flow.channel().close();
          }
        });
  }
}
