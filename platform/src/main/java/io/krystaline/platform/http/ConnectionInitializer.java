package io.krystaline.platform.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import java.util.Optional;

/** Builds the pipeline of each accepted connection. One for all connections of a server. */
// A write or close that fails ends the channel, and that is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
final class ConnectionInitializer extends ChannelInitializer<Channel> {
  private final ServerContext server;
  private final Optional<SslContext> tls;
  private final ChannelGroup connections;

  ConnectionInitializer(ServerContext server, Optional<SslContext> tls, ChannelGroup connections) {
    this.server = server;
    this.tls = tls;
    this.connections = connections;
  }

  @Override
  public boolean isSharable() {
    return true;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (server.draining() || connections.size() >= server.settings().connectionsMax()) {
      server
          .listener()
          .refused(server.draining() ? HttpRefusal.DRAINING : HttpRefusal.CONNECTION_LIMIT);
      channel.close();
      return;
    }
    connections.add(channel);
    if (server.draining()) {
      // Draining began in between, and may not have seen this connection.
      channel.close();
      return;
    }
    ConnectionWatch watch = new ConnectionWatch(server);
    channel.pipeline().addLast(watch);
    if (tls.isPresent()) {
      channel.pipeline().addLast(tls.get().newHandler(channel.alloc()));
      channel.pipeline().addLast(new Negotiation(server, watch));
    } else {
      channel.pipeline().addLast(new ProtocolDetector(server, watch));
    }
  }

  static void http1(
      ServerContext server, ConnectionWatch watch, ChannelPipeline pipeline, boolean plain) {
    watch.protocolChosen(false);
    // The encoder stands before the decoder, so that what the decoder itself sends is encoded.
    pipeline.addLast(new Http1Encoder());
    pipeline.addLast(new Http1Decoder(server.settings()));
    pipeline.addLast(new FlowControlHandler());
    if (plain) {
      pipeline.addLast(Http2Connection.upgrade(server, watch));
    }
    pipeline.addLast(new Http1Flow(server, watch));
  }

  /** Chooses the protocol that client and server agreed on in the TLS handshake. */
  private static final class Negotiation extends ApplicationProtocolNegotiationHandler {
    private final ServerContext server;
    private final ConnectionWatch watch;

    Negotiation(ServerContext server, ConnectionWatch watch) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.server = server;
      this.watch = watch;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        Http2Connection.build(server, watch, context.pipeline());
      } else {
        http1(server, watch, context.pipeline(), false);
      }
    }
  }
}
