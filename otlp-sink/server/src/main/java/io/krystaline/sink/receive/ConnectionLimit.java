package io.krystaline.sink.receive;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sits in the pipeline of a listening channel, whose "messages" are accepted connections, and
 * closes those over the limit before they cost more. Thread-safe.
 */
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private final int connectionsMax;
  private final ReceiverMetrics metrics;
  private final AtomicInteger connections = new AtomicInteger();

  ConnectionLimit(int connectionsMax, ReceiverMetrics metrics) {
    this.connectionsMax = connectionsMax;
    this.metrics = metrics;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel connection = (Channel) message;
    if (connections.incrementAndGet() > connectionsMax) {
      connections.decrementAndGet();
      metrics.connectionRefused("grpc");
      connection.unsafe().closeForcibly();
      return;
    }
    connection.closeFuture().addListener(closed -> connections.decrementAndGet());
    context.fireChannelRead(message);
  }
}
