package io.krystaline.sink.api;

import static io.krystaline.sink.api.ApiFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.sink.incident.Incidents;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveFeedTest extends ApiTest {
  /** What a client hears. */
  private static final class Listener implements WebSocket.Listener {
    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        messages.add(partial.toString());
        partial.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closes.add(code);
      return null;
    }
  }

  private WebSocket open(String query, Listener listener) {
    URI uri = URI.create(sink.uri(MonitorApi.LIVE_PATH + query).toString().replace("http", "ws"));
    return sink.client.newWebSocketBuilder().buildAsync(uri, listener).join();
  }

  private JsonNode next(Listener listener) throws Exception {
    String text = listener.messages.poll(20, TimeUnit.SECONDS);
    assertThat(text).as("a message within 20 s").isNotNull();
    JsonNode message = sink.mapper.readTree(text);
    contract.checkSchema(contract.named("LiveMessage"), message);
    return message;
  }

  private static Anomaly anomaly(OperationKey key, int level, long spanId) {
    return ApiFixture.sample(key, level, NOON, spanId);
  }

  @Test
  void publish_openStream_getsHelloThenTheAnomaly() throws Exception {
    Listener listener = new Listener();
    WebSocket socket = open("", listener);
    JsonNode hello = next(listener);

    sink.live.publish(List.of(anomaly(CART, 2, 1)));

    assertThat(hello.get("type").asText()).isEqualTo("hello");
    JsonNode message = next(listener);
    assertThat(message.get("type").asText()).isEqualTo("anomaly");
    assertThat(message.at("/anomaly/service").asText()).isEqualTo("cart");
    socket.abort();
  }

  @Test
  void publish_filteredStreams_getOnlyWhatTheyAskFor() throws Exception {
    Listener severe = new Listener();
    Listener cart = new Listener();
    WebSocket first = open("?minSeverity=1", severe);
    WebSocket second = open("?service=cart", cart);
    next(severe);
    next(cart);

    sink.live.publish(List.of(anomaly(CART, 2, 1), anomaly(AUTH, 1, 2), anomaly(CART, 1, 3)));

    assertThat(next(severe).at("/anomaly/spanId").asText()).endsWith("2");
    assertThat(next(severe).at("/anomaly/spanId").asText()).endsWith("3");
    assertThat(next(cart).at("/anomaly/spanId").asText()).endsWith("1");
    assertThat(next(cart).at("/anomaly/spanId").asText()).endsWith("3");
    first.abort();
    second.abort();
  }

  @Test
  void onStored_openStream_getsTheIncidentAndItsChange() throws Exception {
    Listener listener = new Listener();
    WebSocket socket = open("", listener);
    next(listener);

    sink.live.onStored(IncidentChange.OPENED, Incidents.open("1"));
    sink.live.publish(List.of(anomaly(CART, 2, 1)));
    sink.live.onStored(IncidentChange.CLOSED, Incidents.closed(Incidents.open("1"), 60));

    JsonNode opened = next(listener);
    assertThat(opened.get("type").asText()).isEqualTo("incident");
    assertThat(opened.get("change").asText()).isEqualTo("opened");
    assertThat(opened.at("/incident/end").isNull()).isTrue();
    assertThat(next(listener).get("type").asText()).isEqualTo("anomaly");
    JsonNode closed = next(listener);
    assertThat(closed.get("change").asText()).isEqualTo("closed");
    assertThat(closed.at("/incident/end").isNull()).isFalse();
    socket.abort();
  }

  @Test
  void onStored_streamsOfOneTypeOrAnotherService_getOnlyWhatTheyAskFor() throws Exception {
    Listener anomalies = new Listener();
    Listener incidents = new Listener();
    Listener auth = new Listener();
    WebSocket first = open("?types=anomaly", anomalies);
    WebSocket second = open("?types=incident,incident&minSeverity=2", incidents);
    WebSocket third = open("?types=anomaly,incident&service=auth", auth);
    next(anomalies);
    next(incidents);
    next(auth);

    sink.live.onStored(IncidentChange.OPENED, Incidents.open("1"));
    sink.live.onStored(
        IncidentChange.OPENED, Incidents.of("2", Severity.LOW, "auth", Incidents.START));
    sink.live.publish(List.of(anomaly(AUTH, 1, 1)));
    sink.live.onStored(IncidentChange.CLOSED, Incidents.closed(Incidents.open("1"), 60));

    assertThat(next(anomalies).at("/anomaly/service").asText()).isEqualTo("auth");
    assertThat(next(incidents).at("/incident/id").asText()).isEqualTo("1");
    assertThat(next(incidents).get("change").asText()).isEqualTo("closed");
    assertThat(next(auth).at("/incident/id").asText()).isEqualTo("2");
    assertThat(next(auth).at("/anomaly/service").asText()).isEqualTo("auth");
    first.abort();
    second.abort();
    third.abort();
  }

  @Test
  void publish_nobodyListens_countsNothing() {
    sink.live.publish(List.of(anomaly(CART, 2, 1)));
    sink.live.onStored(IncidentChange.OPENED, Incidents.open("1"));

    assertThat(sink.live.openSessions()).isZero();
    assertThat(sink.live.pushed()).isZero();
    assertThat(sink.live.dropped()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?minSeverity=9",
        "?from=2026-11-18T12:00:00Z",
        "?service=",
        "?types=",
        "?types=span",
        "?types=anomaly,"
      })
  void open_badParameter_isRefusedAtTheHandshake(String query) {
    assertThatThrownBy(() -> open(query, new Listener()))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(400));
  }

  @Test
  void open_originThatIsNotAllowed_isRefused() {
    URI uri = URI.create(sink.uri(MonitorApi.LIVE_PATH).toString().replace("http", "ws"));

    assertThatThrownBy(
            () ->
                sink.client
                    .newWebSocketBuilder()
                    .header("Origin", "https://evil.example.org")
                    .buildAsync(uri, new Listener())
                    .join())
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
  }

  @Test
  void close_openStream_saysThatItGoesAway() throws Exception {
    Listener listener = new Listener();
    open("", listener);
    next(listener);

    sink.live.close();

    assertThat(listener.closes.poll(20, TimeUnit.SECONDS)).isEqualTo(1001);
  }
}
