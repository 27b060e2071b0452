package io.krystaline.sink.receive;

import io.krystaline.platform.http.BearerToken;
import io.krystaline.platform.http.HttpError;
import io.krystaline.platform.http.HttpRefusal;
import io.krystaline.platform.http.HttpRequestHead;
import io.krystaline.platform.http.HttpResponse;
import io.krystaline.platform.http.HttpServer;
import io.krystaline.platform.http.HttpServerListener;
import io.krystaline.platform.http.HttpService;
import io.krystaline.platform.http.Router;
import io.netty.channel.EventLoopGroup;

/**
 * OTLP/HTTP: POST of traces, metrics and logs as protobuf or JSON. Messages are decoded and scored
 * on the event loop that they arrive on. Started and closed by one thread.
 */
public final class HttpReceiver implements AutoCloseable {
  private final HttpServer server;

  /**
   * A receiver that is not yet started.
   *
   * @param eventLoops shared with other servers; not closed by this one
   */
  public HttpReceiver(
      HttpReceiverSettings settings,
      SignalIntake intake,
      ReceiverMetrics metrics,
      EventLoopGroup eventLoops) {
    this.server =
        HttpServer.builder(
                settings.server().copy().bodyBytesMax(settings.messageBytesMax()).build(),
                service(settings, intake))
            .name("otlp-http")
            .errors(HttpReceiver::render)
            .listener(new RefusalListener(metrics))
            .eventLoops(eventLoops)
            .build();
  }

  /**
   * Listens.
   *
   * @throws io.krystaline.platform.http.HttpStartException if the port is taken or the TLS files
   *     can't be used
   */
  public void start() {
    server.start();
  }

  /** The port that is listened on. */
  public int port() {
    return server.port();
  }

  /** Stops as {@link HttpServer#close} does: nothing reaches the pipeline once this returned. */
  @Override
  public void close() {
    server.close();
  }

  private static HttpService service(HttpReceiverSettings settings, SignalIntake intake) {
    Decompression decompression = new Decompression(settings.messageBytesMax());
    Router.Builder routes = Router.builder();
    for (ExportEndpoint endpoint : ExportEndpoint.values()) {
      routes.post(
          endpoint.path(),
          new HttpExportHandler(endpoint, intake, settings.messageBytesMax(), decompression));
    }
    HttpService service = new HttpExportService(routes.build());
    BearerToken token = settings.token();
    return settings.cors().around(token == null ? service : token.around(service));
  }

  /** The body of every error that the server finds by itself. */
  private static HttpResponse render(HttpRequestHead head, HttpError error) {
    BodyEncoding encoding = BodyEncoding.of(head.mediaType()).orElse(BodyEncoding.PROTOBUF);
    Refusal refusal = Refusal.of(RefusalReason.ofHttpStatus(error.status()), error.detail());
    return HttpResponse.of(error.status(), encoding.mediaType(), encoding.refusal(refusal));
  }

  /** Counts what was answered with an error, whoever found it. */
  private record RefusalListener(ReceiverMetrics metrics) implements HttpServerListener {
    @Override
    public void refused(HttpRefusal reason) {
      if (reason == HttpRefusal.CONNECTION_LIMIT) {
        metrics.connectionRefused("http");
      }
    }

    @Override
    public void answered(HttpRequestHead head, String route, int status, long nanos) {
      if (status >= 400) {
        BodyEncoding encoding = BodyEncoding.of(head.mediaType()).orElse(BodyEncoding.PROTOBUF);
        metrics.requestRefused(encoding.transport(), RefusalReason.ofHttpStatus(status));
      }
    }
  }
}
