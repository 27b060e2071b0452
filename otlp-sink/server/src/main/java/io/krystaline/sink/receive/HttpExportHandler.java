package io.krystaline.sink.receive;

import io.krystaline.engine.decode.JsonTranscoder;
import io.krystaline.engine.decode.TranscodeResult;
import io.krystaline.platform.http.HttpExchange;
import io.krystaline.platform.http.HttpHandler;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.platform.http.HttpResponse;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.MessageBuffer;
import io.krystaline.sink.pipeline.MessageSource;
import io.krystaline.sink.pipeline.MessageTooLargeException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Takes the posts of one signal; reads and scores them on the event loop. */
final class HttpExportHandler implements HttpHandler {
  /** What a thread keeps of its buffer between documents. */
  private static final int KEPT_BYTES_MAX = 1024 * 1024;

  private final ExportEndpoint endpoint;
  private final SignalIntake intake;
  private final int messageBytesMax;
  private final Decompression decompression;
  private final ThreadLocal<ReceiveBuffer> documents;

  HttpExportHandler(
      ExportEndpoint endpoint,
      SignalIntake intake,
      int messageBytesMax,
      Decompression decompression) {
    this.endpoint = endpoint;
    this.intake = intake;
    this.messageBytesMax = messageBytesMax;
    this.decompression = decompression;
    this.documents = ThreadLocal.withInitial(() -> new ReceiveBuffer(messageBytesMax));
  }

  @Override
  public void handle(HttpExchange exchange) {
    HttpRequest request = exchange.request();
    BodyEncoding encoding =
        BodyEncoding.of(request.head().mediaType()).orElse(BodyEncoding.PROTOBUF);
    IngestResult result =
        switch (encoding) {
          case PROTOBUF -> offer(encoding, target -> copy(request, target));
          case JSON -> offerJson(request);
        };
    request.body().release();
    switch (result) {
      case IngestResult.Accepted accepted -> answerWhenDurable(exchange, encoding, accepted);
      case IngestResult.Malformed malformed -> refuse(exchange, encoding, Refusal.of(malformed));
      case IngestResult.TooLarge tooLarge -> refuse(exchange, encoding, Refusal.of(tooLarge));
      case IngestResult.Unavailable unavailable ->
          refuse(exchange, encoding, Refusal.of(unavailable));
    }
  }

  private IngestResult offer(BodyEncoding encoding, MessageSource source) {
    return intake.offer(endpoint, encoding.transport(), source);
  }

  private IngestResult offerJson(HttpRequest request) {
    ReceiveBuffer document = documents.get();
    try {
      copy(request, document);
      JsonTranscoder transcoder = new JsonTranscoder(endpoint.signal(), messageBytesMax);
      return switch (transcoder.transcode(document.array(), 0, document.length())) {
        case TranscodeResult.Transcoded message ->
            offer(BodyEncoding.JSON, target -> target.write(message.bytes(), 0, message.length()));
        case TranscodeResult.Malformed malformed -> new IngestResult.Malformed(malformed.message());
      };
    } catch (MessageTooLargeException e) {
      return new IngestResult.TooLarge(e.limitBytes());
    } catch (IOException e) {
      return new IngestResult.Malformed(String.valueOf(e.getMessage()));
    } finally {
      document.reset(KEPT_BYTES_MAX);
    }
  }

  private void copy(HttpRequest request, MessageBuffer target) throws IOException {
    ContentCoding coding = HttpExportService.coding(request.head()).orElse(ContentCoding.IDENTITY);
    try (InputStream body = decompression.decompress(coding, request.body().stream())) {
      target.readFrom(body);
    }
  }

  private void answerWhenDurable(
      HttpExchange exchange, BodyEncoding encoding, IngestResult.Accepted accepted) {
    CompletableFuture<Void> durable = accepted.durable();
    if (durable == null) {
      answer(exchange, encoding, accepted, null);
    } else {
      CompletableFuture<Void> _ =
          durable.whenComplete((done, failure) -> answer(exchange, encoding, accepted, failure));
    }
  }

  private void answer(
      HttpExchange exchange,
      BodyEncoding encoding,
      IngestResult.Accepted accepted,
      @Nullable Throwable failure) {
    if (failure != null) {
      refuse(exchange, encoding, Refusal.ofFailedCommit(failure));
    } else {
      exchange.respond(
          HttpResponse.of(200, encoding.mediaType(), encoding.success(endpoint, accepted)));
    }
  }

  private static void refuse(HttpExchange exchange, BodyEncoding encoding, Refusal refusal) {
    HttpResponse response =
        HttpResponse.of(
            refusal.reason().httpStatus(), encoding.mediaType(), encoding.refusal(refusal));
    Duration retryAfter = refusal.retryAfter();
    exchange.respond(
        retryAfter == null ? response : response.withHeader("retry-after", seconds(retryAfter)));
  }

  /** Whole seconds, rounded up, at least one. */
  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.plusNanos(999_999_999).toSeconds()));
  }
}
