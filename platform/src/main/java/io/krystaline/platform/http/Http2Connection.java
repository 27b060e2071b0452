package io.krystaline.platform.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Builds the pipeline of an HTTP/2 connection, from the start or from an HTTP/1.1 upgrade. */
final class Http2Connection {
  /** How much of one body may be on its way; large, because exporters send megabytes. */
  private static final int STREAM_WINDOW_BYTES = 1 << 20;

  private static final int CONNECTION_WINDOW_BYTES = 4 << 20;

  private Http2Connection() {}

  static void build(ServerContext server, ConnectionWatch watch, ChannelPipeline pipeline) {
    watch.protocolChosen(true);
    pipeline.addLast(codec(server));
    pipeline.addLast(new Http2MultiplexHandler(new StreamInitializer(server, watch)));
    pipeline.addLast(new ConnectionEnd());
  }

  private static Http2FrameCodec codec(ServerContext server) {
    HttpServerSettings settings = server.settings();
    return Http2FrameCodecBuilder.forServer()
        .initialSettings(
            Http2Settings.defaultSettings()
                .maxConcurrentStreams(settings.streamsPerConnectionMax())
                .initialWindowSize(STREAM_WINDOW_BYTES)
                .maxHeaderListSize(settings.headerBytesMax()))
        .gracefulShutdownTimeoutMillis(settings.drainTimeout().toMillis())
        .build();
  }

  /** Takes the upgrade to h2c of a request without a body; one with a body stays HTTP/1.1. */
  static HttpServerUpgradeHandler upgrade(ServerContext server, ConnectionWatch watch) {
    return new HttpServerUpgradeHandler(
        Http2Connection::removeHttp1, protocol -> upgradeCodec(server, watch, protocol)) {
      @Override
      protected boolean shouldHandleUpgradeRequest(HttpRequest request) {
        return !server.draining()
            && request.decoderResult().isSuccess()
            && !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
            && !request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
            && request
                .headers()
                .containsValue(
                    HttpHeaderNames.UPGRADE, Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, true);
      }
    };
  }

  private static void removeHttp1(ChannelHandlerContext ctx) {
    ctx.pipeline().remove(Http1Decoder.class);
    ctx.pipeline().remove(Http1Encoder.class);
  }

  private static @Nullable Http2ServerUpgradeCodec upgradeCodec(
      ServerContext server, ConnectionWatch watch, CharSequence protocol) {
    if (!AsciiString.contentEquals(Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, protocol)) {
      return null;
    }
    ChannelHandler streams = new Http2MultiplexHandler(new StreamInitializer(server, watch));
    return new Http2ServerUpgradeCodec(codec(server), streams, new ConnectionEnd()) {
      @Override
      public void upgradeTo(ChannelHandlerContext ctx, FullHttpRequest request) {
        ctx.pipeline().remove(FlowControlHandler.class);
        ctx.pipeline().remove(Http1Flow.class);
        watch.protocolChosen(true);
        super.upgradeTo(ctx, request);
      }
    };
  }

  /** Puts a flow onto each stream. */
  private static final class StreamInitializer extends ChannelInitializer<Channel> {
    private final ServerContext server;
    private final ConnectionWatch watch;

    StreamInitializer(ServerContext server, ConnectionWatch watch) {
      this.server = server;
      this.watch = watch;
    }

    @Override
    protected void initChannel(Channel stream) {
      stream.pipeline().addLast(new Http2Flow(server, watch));
    }
  }

  /** Widens the connection's window, and takes what belongs to no stream. */
  private static final class ConnectionEnd extends ChannelInboundHandlerAdapter {
    // A write or close that fails ends the channel, and that is noticed there.
    @SuppressWarnings("FutureReturnValueIgnored")
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.writeAndFlush(
          new DefaultHttp2WindowUpdateFrame(
              CONNECTION_WINDOW_BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    // A write or close that fails ends the channel, and that is noticed there.
    @SuppressWarnings("FutureReturnValueIgnored")
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
