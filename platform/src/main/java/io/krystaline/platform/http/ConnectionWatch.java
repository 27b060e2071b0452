package io.krystaline.platform.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * First in the pipeline of a connection: keeps time for the connection and for every flow on it.
 * Runs on the connection's event loop.
 */
// A write or close that fails ends the channel, and that is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
  private final ServerContext server;
  private final Ticks ticks;
  private final Set<Watched> flows = new LinkedHashSet<>();
  private @Nullable Future<?> task;
  private boolean protocolKnown;
  private boolean multiplexed;
  private boolean headBegun;
  private int quietTicks;

  ConnectionWatch(ServerContext server) {
    this.server = server;
    this.ticks = Ticks.of(server.settings());
  }

  /** The handshake is over and the protocol chosen; flows take over from here. */
  void protocolChosen(boolean manyStreams) {
    protocolKnown = true;
    multiplexed = manyStreams;
    quietTicks = 0;
  }

  void add(Watched flow) {
    flows.add(flow);
  }

  void remove(Watched flow) {
    flows.remove(flow);
    quietTicks = 0;
  }

  boolean headBegun() {
    return headBegun;
  }

  void headEnded() {
    headBegun = false;
  }

  void headAwaited() {
    headBegun = false;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    long nanos = ticks.step().toNanos();
    task =
        ctx.executor().scheduleWithFixedDelay(() -> tick(ctx), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!headBegun) {
      headBegun = true;
      for (Watched flow : flows) {
        flow.bytesArrive();
      }
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stop();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
  }

  private void stop() {
    if (task != null) {
      task.cancel(false);
    }
  }

  private void tick(ChannelHandlerContext ctx) {
    if (flows.isEmpty()) {
      quietTicks++;
      HttpServerSettings settings = server.settings();
      if (ticks.reached(
          quietTicks, protocolKnown ? settings.idleTimeout() : settings.headerTimeout())) {
        if (!protocolKnown) {
          server.listener().refused(HttpRefusal.HEADER_TIMEOUT);
        }
        ctx.channel().close();
      }
      return;
    }
    for (Watched flow : new ArrayList<>(flows)) {
      flow.tick();
    }
  }

  /** The server drains; called on the connection's event loop. */
  static void drain(Channel connection) {
    ConnectionWatch watch = connection.pipeline().get(ConnectionWatch.class);
    if (watch == null || watch.multiplexed || watch.flows.isEmpty()) {
      // An HTTP/2 codec sends GOAWAY first and waits for its streams.
      connection.close();
      return;
    }
    for (Watched flow : new ArrayList<>(watch.flows)) {
      flow.drain();
    }
  }
}
