package io.krystaline.sink.offline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.span.SpanBatch;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads the history of services from Jaeger's query API ({@code /api/traces}).
 *
 * <p>Jaeger answers with at most {@code limit} traces, the newest, and does not say that it left
 * some out. So the time is cut into windows, and a window whose answer reaches the limit is halved
 * and asked again, until nothing is left out.
 *
 * <p>A trace is given whole to each question that any of its spans answers. Of each answer only the
 * spans of the asked service that start in the asked window are taken: so every span is read
 * exactly once, and nothing has to be remembered.
 */
public final class JaegerHistory {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 3;
  private static final int ANSWER_BYTES_MAX = 256 << 20;

  /** A window of start times in microseconds since the epoch, the end not included. */
  private record Window(long fromMicros, long untilMicros) {
    long width() {
      return untilMicros - fromMicros;
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final ObjectMapper mapper = new ObjectMapper();
  private final String url;
  private final int limit;
  private final Duration window;
  private final SpanBatch batch = new SpanBatch();

  /**
   * A reader.
   *
   * @param url where Jaeger's query service listens, for example {@code http://localhost:16686}
   * @param limit traces per question, 1 or more
   * @param window the longest window of a question
   */
  public JaegerHistory(URI url, int limit, Duration window) {
    this.url = url.toString().replaceAll("/+$", "");
    this.limit = limit;
    this.window = window;
  }

  /**
   * Reads the spans of one service that start between two times.
   *
   * @return how many spans were read
   * @throws JaegerException if Jaeger can't be asked, or if more traces than the limit start in one
   *     microsecond
   * @throws IOException as the visitor throws it
   */
  long read(String service, Instant from, Instant until, RecordedSpans.BatchVisitor visitor)
      throws IOException {
    Deque<Window> open = new ArrayDeque<>();
    long step = Math.max(1, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.EPOCH.plus(window)));
    long end = micros(until);
    long next = micros(from);
    long spans = 0;
    while (next < end || !open.isEmpty()) {
      if (open.isEmpty()) {
        open.push(new Window(next, Math.min(end, next + step)));
        next += step;
      }
      Window asked = open.pop();
      JsonNode traces = ask(service, asked).path("data");
      if (traces.size() < limit) {
        spans += take(traces, service, asked, visitor);
      } else if (asked.width() > 1) {
        long middle = asked.fromMicros() + asked.width() / 2;
        open.push(new Window(middle, asked.untilMicros()));
        open.push(new Window(asked.fromMicros(), middle));
      } else {
        throw new JaegerException(
            "more than "
                + limit
                + " traces of "
                + service
                + " in one microsecond; raise the limit");
      }
    }
    return spans;
  }

  private long take(
      JsonNode traces, String service, Window asked, RecordedSpans.BatchVisitor visitor)
      throws IOException {
    long spans = 0;
    for (JsonNode trace : traces) {
      JaegerTrace.fill(batch, trace, service, asked.fromMicros(), asked.untilMicros());
      spans += batch.spanCount();
      visitor.onBatch(batch);
    }
    return spans;
  }

  private JsonNode ask(String service, Window asked) throws IOException {
    URI uri =
        URI.create(
            "%s/api/traces?service=%s&start=%d&end=%d&limit=%d"
                .formatted(
                    url,
                    URLEncoder.encode(service, StandardCharsets.UTF_8),
                    asked.fromMicros(),
                    asked.untilMicros(),
                    limit));
    for (int attempt = 1; ; attempt++) {
      try {
        return askOnce(uri);
      } catch (JaegerException e) {
        throw e;
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw new JaegerException("Jaeger at " + url + " does not answer: " + e, e);
        }
      }
    }
  }

  private JsonNode askOnce(URI uri) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).timeout(TIMEOUT).header("Accept", "application/json").build();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(ANSWER_BYTES_MAX);
        if (response.statusCode() != 200) {
          throw new JaegerException(
              "Jaeger at " + url + " answers status " + response.statusCode());
        }
        return mapper.readTree(bytes);
      }
    } catch (JsonProcessingException e) {
      throw new JaegerException("what Jaeger at " + url + " answers is no JSON", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JaegerException("interrupted while asking Jaeger", e);
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
