package io.krystaline.platform.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The one request of an HTTP/2 stream. */
// A write or close that fails ends the stream, and that is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
final class Http2Flow extends RequestFlow {
  /** Belong to an HTTP/1.1 connection and are an error in HTTP/2. */
  private static final Set<String> OF_CONNECTION =
      Set.of("connection", "upgrade", "keep-alive", "proxy-connection", "transfer-encoding");

  private final ConnectionWatch watch;
  private boolean headSeen;

  Http2Flow(ServerContext server, ConnectionWatch watch) {
    super(server);
    this.watch = watch;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    super.handlerAdded(ctx);
    watch.add(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    watch.remove(this);
    super.channelInactive(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    watch.remove(this);
    super.handlerRemoved(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    boolean ended = false;
    if (message instanceof Http2HeadersFrame frame) {
      ended = frame.isEndStream();
      if (!headSeen) {
        headSeen = true;
        begin(frame.headers(), ended);
      }
    } else if (message instanceof Http2DataFrame frame) {
      ended = frame.isEndStream();
      bodyArrived(frame.content());
    } else {
      ReferenceCountUtil.release(message);
    }
    if (ended && phase() != Phase.CLOSED) {
      requestArrived();
    }
  }

  private void begin(Http2Headers fields, boolean ended) {
    Channel connection = context().channel().parent();
    HttpRequestHead head;
    long length;
    try {
      head = head(fields, connection);
      length = head.headers().first("content-length").map(Http2Flow::length).orElse(-1L);
    } catch (HttpException e) {
      requestUnreadable(Http1Heads.unknown(connection), HttpRefusal.BAD_REQUEST, e.error());
      return;
    }
    headArrived(head, length, !ended && head.headers().containsToken("expect", "100-continue"));
  }

  private static long length(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new HttpException(400, "Content-Length is not a number", e);
    }
  }

  private static HttpRequestHead head(Http2Headers fields, Channel connection) {
    List<String> pairs = new ArrayList<>(fields.size() * 2);
    StringBuilder cookies = new StringBuilder();
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      String name = field.getKey().toString();
      String value = field.getValue().toString();
      if (name.equals("cookie")) {
        cookies.append(cookies.isEmpty() ? "" : "; ").append(value);
      } else if (name.equals(":authority")) {
        pairs.add("host");
        pairs.add(value);
      } else if (!name.startsWith(":") && !(name.equals("host") && fields.authority() != null)) {
        pairs.add(name);
        pairs.add(value);
      }
    }
    if (!cookies.isEmpty()) {
      pairs.add("cookie");
      pairs.add(cookies.toString());
    }
    String method = fields.method() == null ? "-" : fields.method().toString();
    CharSequence target = fields.path();
    String path = target == null ? "/" : Http1Heads.pathAndQuery(target.toString(), method);
    int question = path.indexOf('?');
    return new HttpRequestHead(
        method,
        question < 0 ? path : path.substring(0, question),
        question < 0 ? "" : path.substring(question + 1),
        HttpHeaders.ofChecked(pairs.toArray(String[]::new)),
        Http1Heads.remote(connection),
        Http1Heads.isSecure(connection),
        "HTTP/2");
  }

  @Override
  void sendContinue() {
    Http2Headers headers = new DefaultHttp2Headers().status("100");
    context().writeAndFlush(new DefaultHttp2HeadersFrame(headers));
  }

  @Override
  ChannelFuture send(HttpResponse response, boolean hasBody, boolean last) {
    Http2Headers headers = new DefaultHttp2Headers().status(Integer.toString(response.status()));
    response
        .headers()
        .forEach(
            (name, value) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (!OF_CONNECTION.contains(lower)) {
                headers.add(lower, value);
              }
            });
    headers.set("date", server.date().value());
    byte[] body = response.body();
    if (response.status() != 204 && response.status() != 304) {
      headers.setInt("content-length", body.length);
    }
    if (!hasBody || body.length == 0) {
      return context().writeAndFlush(new DefaultHttp2HeadersFrame(headers, true));
    }
    context().write(new DefaultHttp2HeadersFrame(headers, false));
    return context().writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
  }

  @Override
  boolean keepsAlive() {
    return true;
  }

  @Override
  void exchangeEnded(boolean last) {
    // Both sides have ended the stream, so the codec closes it.
  }

  @Override
  void discardingBegins(boolean last) {
    // The client is given time to take the answer before its stream is reset.
  }

  @Override
  void pauseReading(boolean pause) {
    // A stream has one request; flow control bounds what may follow.
  }

  @Override
  public void drain() {
    // The connection sends GOAWAY, streams end with their answers.
  }

  @Override
  void abort() {
    Http2Error error = phase() == Phase.DISCARDING ? Http2Error.NO_ERROR : Http2Error.CANCEL;
    context().writeAndFlush(new DefaultHttp2ResetFrame(error));
    context().close();
  }

  @Override
  void openWebSocket(HttpRequestHead asked, Admission.OpenWebSocket admission) {
    refuseEarly(new HttpError(400, "a WebSocket is opened over HTTP/1.1"));
  }

  @Override
  boolean headBegun() {
    return false;
  }

  @Override
  void headTimedOut() {
    abort();
  }
}
