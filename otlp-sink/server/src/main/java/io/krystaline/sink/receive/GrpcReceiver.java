package io.krystaline.sink.receive;

import io.grpc.Codec;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.krystaline.platform.http.TlsSettings;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * OTLP/gRPC: the Export methods of traces, metrics and logs, with health checks and reflection.
 * Messages are decoded and scored on the event loop that they arrive on. Started and closed by one
 * thread.
 */
public final class GrpcReceiver implements AutoCloseable {
  /**
   * Logs a stack trace for each message over the limit. Those are counted, and a sender must not be
   * able to fill the log. Held here, as the level of a logger that nobody holds is forgotten.
   */
  private static final Logger GRPC_STREAM_LOGGER =
      Logger.getLogger("io.grpc.netty.NettyServerStream");

  private static final int RESETS_MAX = 500;
  private static final int RESETS_WINDOW_SECONDS = 10;
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(20);

  private final GrpcSettings settings;
  private final SignalIntake intake;
  private final ReceiverMetrics metrics;
  private final EventLoopGroup eventLoops;
  private final CallBudget budget;
  private final HealthStatusManager health = new HealthStatusManager();
  private @Nullable Server server;
  private boolean draining;

  /**
   * A receiver that is not yet started.
   *
   * @param eventLoops shared with other servers; not closed by this one
   */
  public GrpcReceiver(
      GrpcSettings settings,
      SignalIntake intake,
      ReceiverMetrics metrics,
      EventLoopGroup eventLoops) {
    this.settings = settings;
    this.intake = intake;
    this.metrics = metrics;
    this.eventLoops = eventLoops;
    this.budget = new CallBudget(settings.callsMax(), settings.bufferedBytesMax());
  }

  /**
   * Listens.
   *
   * @throws ReceiverStartException if the port is taken or the TLS files can't be used
   */
  public void start() {
    GRPC_STREAM_LOGGER.setLevel(Level.SEVERE);
    Server built = builder().build();
    try {
      server = built.start();
    } catch (IOException e) {
      throw new ReceiverStartException(
          "OTLP/gRPC can't listen on " + settings.address() + ": " + e.getMessage(), e);
    }
  }

  /** The port that is listened on. */
  public int port() {
    return started().getPort();
  }

  /** Health checks answer NOT_SERVING from now on; calls are still served. */
  public void drain() {
    if (!draining) {
      draining = true;
      health.enterTerminalState();
    }
  }

  /**
   * Stops listening, waits for the calls in flight up to the drain timeout, and then cancels them.
   * Nothing reaches the pipeline once this has returned.
   */
  @Override
  public void close() {
    Server running = server;
    if (running == null) {
      return;
    }
    drain();
    running.shutdown();
    try {
      if (!running.awaitTermination(settings.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        running.shutdownNow();
        running.awaitTermination(settings.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      running.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private NettyServerBuilder builder() {
    ConnectionLimit connectionLimit = new ConnectionLimit(settings.connectionsMax(), metrics);
    FrameReads.Installer frameReads = new FrameReads.Installer();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(settings.address())
            .channelFactory(
                () -> {
                  ServerChannel channel = listeningChannel();
                  channel.pipeline().addLast(connectionLimit, frameReads);
                  return channel;
                })
            .withChildOption(ChannelOption.ALLOCATOR, FrameReads.pool())
            .withChildOption(ChannelOption.RECVBUF_ALLOCATOR, FrameReads.ALLOCATOR)
            .bossEventLoopGroup(eventLoops)
            .workerEventLoopGroup(eventLoops)
            .directExecutor()
            .decompressorRegistry(decompressors(settings.messageBytesMax()))
            .fallbackHandlerRegistry(new UnknownMethods(metrics))
            .addStreamTracerFactory(new CallTracer.Factory(budget, metrics))
            .maxInboundMessageSize(settings.messageBytesMax())
            .maxInboundMetadataSize(settings.metadataBytesMax())
            .maxConcurrentCallsPerConnection(settings.callsPerConnectionMax())
            .maxRstFramesPerWindow(RESETS_MAX, RESETS_WINDOW_SECONDS)
            .flowControlWindow(settings.flowControlWindowBytes())
            .handshakeTimeout(HANDSHAKE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(settings.permitKeepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(settings.keepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance());
    for (ExportEndpoint endpoint : ExportEndpoint.values()) {
      builder.addService(service(endpoint));
      health.setStatus(endpoint.service().getName(), ServingStatus.SERVING);
    }
    SenderToken token = settings.token();
    if (token != null) {
      builder.intercept(new TokenInterceptor(token, metrics));
    }
    TlsSettings tls = settings.tls();
    if (tls != null) {
      secure(builder, tls);
    }
    return builder;
  }

  private ServerChannel listeningChannel() {
    boolean epoll = eventLoops instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class);
    return epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
  }

  private ServerServiceDefinition service(ExportEndpoint endpoint) {
    ServiceDescriptor generated = endpoint.service();
    MethodDescriptor<?, ?> export = generated.getMethods().iterator().next();
    MethodDescriptor<InputStream, byte[]> method =
        export.toBuilder(BytesMarshallers.REQUEST, BytesMarshallers.RESPONSE).build();
    return ServerServiceDefinition.builder(
            ServiceDescriptor.newBuilder(generated.getName())
                .setSchemaDescriptor(generated.getSchemaDescriptor())
                .addMethod(method)
                .build())
        .addMethod(
            method, new GrpcExportHandler(endpoint, intake, metrics, settings.messageBytesMax()))
        .build();
  }

  private static void secure(NettyServerBuilder builder, TlsSettings tls) {
    try {
      builder.sslContext(
          GrpcSslContexts.forServer(tls.certificateChain().toFile(), tls.privateKey().toFile())
              .build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new ReceiverStartException(
          "OTLP/gRPC can't use the certificate "
              + tls.certificateChain()
              + " with the key "
              + tls.privateKey()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static DecompressorRegistry decompressors(int messageBytesMax) {
    Decompression decompression = new Decompression(messageBytesMax);
    DecompressorRegistry registry =
        DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);
    for (ContentCoding coding : ContentCoding.values()) {
      if (coding != ContentCoding.IDENTITY) {
        registry = registry.with(new CodingDecompressor(coding, decompression), true);
      }
    }
    return registry;
  }

  private Server started() {
    Server running = server;
    if (running == null) {
      throw new IllegalStateException("the receiver is not started");
    }
    return running;
  }

  private record CodingDecompressor(ContentCoding coding, Decompression decompression)
      implements Decompressor {
    @Override
    public String getMessageEncoding() {
      return coding.token();
    }

    @Override
    public InputStream decompress(InputStream stream) {
      return decompression.decompress(coding, stream);
    }
  }
}
