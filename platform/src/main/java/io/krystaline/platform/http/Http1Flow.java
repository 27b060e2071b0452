package io.krystaline.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requests of an HTTP/1.1 connection, one after the other, in order. */
// A write or close that fails ends the channel, and that is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
final class Http1Flow extends RequestFlow {
  /** A refused body up to this length is read to its end, so that the connection can be kept. */
  private static final long DRAINED_BYTES_MAX = 1 << 20;

  private final ConnectionWatch watch;
  private @Nullable HttpRequest request;
  private boolean asksToKeepAlive;
  private boolean old;
  private long bodyBytesLeft;

  Http1Flow(ServerContext server, ConnectionWatch watch) {
    super(server);
    this.watch = watch;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    super.handlerAdded(ctx);
    watch.add(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (phase() == Phase.CLOSED || !(message instanceof HttpObject object)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (object.decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      unreadable(object);
      return;
    }
    if (object instanceof HttpRequest request) {
      begin(request);
    }
    if (object instanceof HttpContent content) {
      bodyArrived(content.content());
      if (content instanceof LastHttpContent && phase() != Phase.CLOSED) {
        requestArrived();
      }
    }
  }

  private void begin(HttpRequest request) {
    this.request = request;
    watch.headEnded();
    old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    asksToKeepAlive = HttpUtil.isKeepAlive(request);
    boolean chunked = HttpUtil.isTransferEncodingChunked(request);
    long length = HttpUtil.getContentLength(request, chunked ? -1L : 0L);
    bodyBytesLeft = chunked ? Long.MAX_VALUE : length;
    HttpRequestHead head;
    try {
      head = Http1Heads.head(request, context().channel());
    } catch (HttpException e) {
      asksToKeepAlive = false;
      HttpRequestHead known = Http1Heads.unknown(context().channel());
      requestUnreadable(known, HttpRefusal.BAD_REQUEST, e.error());
      return;
    }
    boolean expects =
        !old && head.headers().containsToken("expect", "100-continue") && bodyBytesLeft > 0;
    headArrived(head, length, expects);
  }

  private void unreadable(HttpObject object) {
    asksToKeepAlive = false;
    bodyBytesLeft = Long.MAX_VALUE;
    HttpRequestHead head = Http1Heads.unknown(context().channel());
    Throwable cause = object.decoderResult().cause();
    if (cause instanceof TooLongHttpLineException) {
      HttpError error = new HttpError(414, "the request line is too long");
      requestUnreadable(head, HttpRefusal.TARGET_TOO_LONG, error);
    } else if (cause instanceof TooLongHttpHeaderException) {
      HttpError error = new HttpError(431, "the header fields are too large");
      requestUnreadable(head, HttpRefusal.HEADERS_TOO_LARGE, error);
    } else {
      HttpError error = new HttpError(400, "the request is not valid HTTP");
      requestUnreadable(head, HttpRefusal.BAD_REQUEST, error);
    }
  }

  @Override
  void sendContinue() {
    context()
        .writeAndFlush(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
  }

  @Override
  ChannelFuture send(HttpResponse response, boolean hasBody, boolean last) {
    byte[] body = response.body();
    ByteBuf content =
        hasBody && body.length > 0 ? Unpooled.wrappedBuffer(body) : Unpooled.EMPTY_BUFFER;
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), content);
    response.headers().forEach(message.headers()::add);
    message.headers().set(HttpHeaderNames.DATE, server.date().value());
    if (response.status() != 204 && response.status() != 304) {
      message.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    if (last) {
      message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (old) {
      message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    } else if (response.headers().contains("upgrade")) {
      message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    }
    return context().writeAndFlush(message);
  }

  @Override
  boolean keepsAlive() {
    return asksToKeepAlive && (requestEnded() || bodyBytesLeft <= DRAINED_BYTES_MAX);
  }

  @Override
  void exchangeEnded(boolean last) {
    watch.headAwaited();
    if (last || server.draining()) {
      context().close();
    }
  }

  @Override
  void discardingBegins(boolean last) {
    if (last && bodyBytesLeft > 0 && context().channel() instanceof DuplexChannel duplex) {
      // Half a close: the client sees the end of the answer, and what it still sends is dropped
      // instead of being answered with a reset that could overtake the answer.
      if (!Http1Heads.isSecure(duplex)) {
        duplex.shutdownOutput();
      }
    }
  }

  @Override
  void pauseReading(boolean pause) {
    context().channel().config().setAutoRead(!pause);
  }

  @Override
  void openWebSocket(HttpRequestHead asked, Admission.OpenWebSocket admission) {
    HttpRequest handshake = request;
    Optional<HttpError> refusal = WebSocketUpgrade.refusal(asked, admission.settings());
    if (refusal.isPresent() || handshake == null) {
      if (!WebSocketUpgrade.isOriginAllowed(asked, admission.settings())) {
        server.listener().refused(HttpRefusal.ORIGIN);
      }
      refuseEarly(refusal.orElseGet(() -> new HttpError(400, "this is no handshake")));
      return;
    }
    server.listener().answered(asked, admission.route(), 101, 0);
    WebSocketUpgrade.open(server, watch, context(), handshake, asked, admission);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    watch.remove(this);
    super.handlerRemoved(ctx);
  }

  @Override
  void abort() {
    context().close();
  }

  @Override
  boolean headBegun() {
    return watch.headBegun();
  }

  @Override
  void headTimedOut() {
    asksToKeepAlive = false;
    bodyBytesLeft = Long.MAX_VALUE;
    HttpError error = new HttpError(408, "the head of the request did not arrive in time");
    requestUnreadable(Http1Heads.unknown(context().channel()), HttpRefusal.HEADER_TIMEOUT, error);
  }

  @Override
  public void drain() {
    if (phase() == Phase.AWAITING_HEAD && !headBegun()) {
      context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }
}
