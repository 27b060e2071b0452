package io.krystaline.sink.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts JSON, and says what the answer means. TLS is verified, redirects are not followed, and of
 * an answer a few kilobytes are read. Used by one thread.
 */
final class HttpSender implements AutoCloseable {
  private static final int ANSWER_BYTES_MAX = 4_096;
  private static final Duration RETRY_AFTER_MAX = Duration.ofHours(1);

  /** Answers to which the same body would be answered again. All others may be mended. */
  private static final Set<Integer> FINAL = Set.of(400, 405, 406, 410, 411, 413, 414, 415, 422);

  private final HttpClient client;
  private final Duration timeout;
  private final InstantSource clock;

  HttpSender(Duration timeout, Optional<Path> certificates, InstantSource clock) {
    this.timeout = timeout;
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .sslContext(TrustedCertificates.context(certificates))
            .build();
  }

  /** Posts a document, and waits for the whole answer within the timeout. */
  Delivery post(URI url, byte[] json, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("User-Agent", "krystaline")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json));
    headers.forEach(request::header);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request.build(), _ -> new CappedText(ANSWER_BYTES_MAX));
    try {
      return meaning(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException _) {
      answer.cancel(true);
      return Delivery.Failed.of(place(url) + " did not answer within " + timeout);
    } catch (ExecutionException e) {
      return Delivery.Failed.of(
          place(url) + ": " + reason(e.getCause() == null ? e : e.getCause()));
    } catch (InterruptedException _) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return Delivery.Failed.of("interrupted");
    }
  }

  /** An address without what may be secret in it: scheme, host and port. */
  static String place(URI url) {
    return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
  }

  private Delivery meaning(HttpResponse<String> answer) {
    int status = answer.statusCode();
    if (status / 100 == 2) {
      return new Delivery.Delivered();
    }
    String reason =
        "%s answered %d: %s"
            .formatted(place(answer.uri()), status, IncidentText.clean(answer.body(), 300));
    if (status / 100 == 3) {
      return new Delivery.Refused(reason + " (redirects are not followed)");
    }
    return FINAL.contains(status)
        ? new Delivery.Refused(reason)
        : new Delivery.Failed(
            reason, answer.headers().firstValue("Retry-After").flatMap(this::retryAfter));
  }

  /** Seconds or a date, as RFC 9110 has it; something else counts as not there. */
  private Optional<Duration> retryAfter(String text) {
    Duration asked;
    try {
      asked =
          text.strip().matches("\\d{1,9}")
              ? Duration.ofSeconds(Long.parseLong(text.strip()))
              : Duration.between(now(), ZonedDateTime.parse(text.strip(), HTTP_DATE).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
    return asked.isNegative()
        ? Optional.empty()
        : Optional.of(asked.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : asked);
  }

  private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME;

  private Instant now() {
    return clock.instant();
  }

  private static String reason(Throwable failure) {
    return switch (failure) {
      case HttpTimeoutException _ -> "timed out";
      case IOException io when io.getMessage() != null ->
          io.getClass().getSimpleName() + ": " + IncidentText.clean(io.getMessage(), 300);
      default -> failure.getClass().getSimpleName();
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
