package io.krystaline.platform.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves an {@link HttpService} over HTTP/1.1 and HTTP/2 on one port. Not a proxy, and not for
 * bodies that do not fit into memory.
 *
 * <p>Call {@link #start} once and {@link #close} once, from a thread that is no event loop.
 */
// A write or close that fails ends the channel, and that is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
public final class HttpServer implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(HttpServer.class);
  private static final int BACKLOG = 1024;

  private final String name;
  private final HttpServerSettings settings;
  private final ServerContext context;
  private final @Nullable EventLoopGroup sharedGroup;
  private final ChannelGroup connections =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  private @Nullable EventLoopGroup group;
  private @Nullable Channel listening;

  private HttpServer(Builder builder) {
    this.name = builder.name;
    this.settings = builder.settings;
    this.sharedGroup = builder.group;
    this.context =
        new ServerContext(
            settings,
            builder.service,
            builder.errors,
            builder.listener,
            new BlockingRequests(settings.blockingRequestsMax(), name, builder.listener),
            new DateHeader(builder.clock));
  }

  /** A server of this service with these settings. */
  public static Builder builder(HttpServerSettings settings, HttpService service) {
    return new Builder(settings, service);
  }

  /**
   * Binds and begins to accept.
   *
   * @throws HttpStartException if the address is in use or cannot be bound, or certificate or key
   *     cannot be read
   */
  public synchronized void start() {
    if (listening != null) {
      throw new IllegalStateException("the server was started already");
    }
    ConnectionInitializer initializer =
        new ConnectionInitializer(context, ServerTls.of(settings.tls()), connections);
    EventLoopGroup loops = sharedGroup != null ? sharedGroup : ownGroup();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(channelType(loops))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(initializer);
    ChannelFuture bound =
        bootstrap
            .bind(new InetSocketAddress(settings.host(), settings.port()))
            .awaitUninterruptibly();
    Throwable failure = bound.cause();
    if (failure != null) {
      stopOwnGroup();
      throw new HttpStartException(
          "cannot listen on " + settings.host() + ":" + settings.port() + ": " + reason(failure),
          failure);
    }
    listening = bound.channel();
    logger.info("{} listens on {}:{}", name, settings.host(), port());
  }

  private static String reason(Throwable failure) {
    if (failure instanceof BindException
        && String.valueOf(failure.getMessage()).contains("in use")) {
      return "the port is in use";
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private EventLoopGroup ownGroup() {
    IoHandlerFactory io =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    EventLoopGroup own =
        new MultiThreadIoEventLoopGroup(0, new DefaultThreadFactory(name + "-loop", true), io);
    group = own;
    return own;
  }

  private static Class<? extends ServerChannel> channelType(EventLoopGroup loops) {
    boolean epoll = loops instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class);
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /**
   * The port that the server listens on.
   *
   * @throws IllegalStateException if it was not started
   */
  public synchronized int port() {
    Channel channel = listening;
    if (channel == null || !(channel.localAddress() instanceof InetSocketAddress address)) {
      throw new IllegalStateException("the server is not listening");
    }
    return address.getPort();
  }

  /**
   * Stops accepting, lets requests in flight end for at most {@link
   * HttpServerSettings#drainTimeout}, then cuts what is left. After it returned nothing is handled
   * any more. A second call does nothing.
   */
  @Override
  public synchronized void close() {
    Channel channel = listening;
    if (channel == null || context.draining()) {
      return;
    }
    long deadline = System.nanoTime() + settings.drainTimeout().toNanos();
    context.drain();
    channel.close().awaitUninterruptibly();
    for (Channel connection : connections) {
      connection.eventLoop().execute(() -> ConnectionWatch.drain(connection));
    }
    try {
      boolean drained =
          connections.newCloseFuture().await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (!drained) {
        logger.warn("{} cuts {} connections that did not drain", name, connections.size());
      }
      cutConnections();
      long left = Math.max(0, deadline - System.nanoTime());
      context.blocking().close(Duration.ofNanos(left));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cutConnections();
    }
    stopOwnGroup();
    logger.info("{} is closed", name);
  }

  /** Closes below the pipeline: an HTTP/2 codec would wait for its streams again. */
  private void cutConnections() {
    for (Channel connection : connections) {
      connection.eventLoop().execute(() -> connection.unsafe().close(connection.newPromise()));
    }
    connections.newCloseFuture().awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  private void stopOwnGroup() {
    EventLoopGroup own = group;
    if (own != null) {
      own.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
  }

  /** Collects what a server is made of; for one thread. */
  public static final class Builder {
    private final HttpServerSettings settings;
    private final HttpService service;
    private String name = "http";
    private ErrorRenderer errors = new ProblemJson(new ObjectMapper());
    private HttpServerListener listener = HttpServerListener.NONE;
    private InstantSource clock = InstantSource.system();
    private @Nullable EventLoopGroup group;

    private Builder(HttpServerSettings settings, HttpService service) {
      this.settings = settings;
      this.service = service;
    }

    /** Names threads and log lines; {@code http} otherwise. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** Renders errors; problem+json otherwise. */
    public Builder errors(ErrorRenderer value) {
      errors = value;
      return this;
    }

    /** Told what the server does. */
    public Builder listener(HttpServerListener value) {
      listener = value;
      return this;
    }

    /** For the Date header; the system's otherwise. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    /** Runs on these event loops, which the caller closes; the server has its own otherwise. */
    public Builder eventLoops(EventLoopGroup value) {
      group = value;
      return this;
    }

    /** The server, not started. */
    public HttpServer build() {
      return new HttpServer(this);
    }
  }
}
