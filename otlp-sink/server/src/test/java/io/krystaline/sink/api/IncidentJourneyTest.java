package io.krystaline.sink.api;

import static io.krystaline.sink.checkpoint.Teaching.around100;
import static io.krystaline.sink.checkpoint.Teaching.teach;
import static io.krystaline.sink.incident.Incidents.closed;
import static io.krystaline.sink.incident.Incidents.open;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.DatabaseSettings;
import io.krystaline.sink.SettableClock;
import io.krystaline.sink.checkpoint.HourRows;
import io.krystaline.sink.incident.IncidentRecorder;
import io.krystaline.sink.incident.IncidentRecorderSettings;
import io.krystaline.sink.incident.Incidents;
import io.krystaline.sink.store.IncidentStores;
import io.krystaline.sink.store.PostgresAnomalyStore;
import io.krystaline.sink.store.PostgresBaselineStore;
import io.krystaline.sink.store.PostgresRecalculationStore;
import io.krystaline.sink.store.PostgresStatisticsStore;
import io.krystaline.sink.view.EpochNanos;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with one incident, through the API alone, on a real PostgreSQL. */
class IncidentJourneyTest {
  private static final String ID = "00000000000000ab";
  private static final String INCIDENT = "/api/monitor/incidents/" + ID;
  private static final OperationKey CHARGE = new OperationKey("payment", "charge", SpanKind.SERVER);

  @TempDir static Path directory;

  private final SettableClock clock = new SettableClock(ApiFixture.NOON);
  private Database database;
  private ApiFixture sink;
  private IncidentRecorder recorder;

  @BeforeEach
  void start() {
    database = new Database(DatabaseSettings.embedded(directory.resolve("db")), "db/migration");
    database.start();
    IncidentStores incidents = IncidentStores.postgres(database, clock);
    sink =
        new ApiFixture(
            ApiSettings.defaults(),
            new ApiFixture.Stores(
                clock,
                new PostgresAnomalyStore(database, clock, 1_000),
                new PostgresStatisticsStore(database, clock, HourRows.MERGER),
                new PostgresRecalculationStore(database),
                new PostgresBaselineStore(database),
                incidents));
    recorder = new IncidentRecorder(incidents.incidents(), IncidentRecorderSettings.defaults());
    recorder.listen(sink.live);
    recorder.start();
  }

  @AfterEach
  void close() {
    recorder.close();
    sink.close();
    database.close();
  }

  @Test
  void operator_fromTheLiveMessageToTheExclusion_needsOnlyTheApi() throws Exception {
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    WebSocket socket = listen(messages);
    teach(sink.directory, CHARGE, Incidents.START, around100(1_000));
    teach(sink.directory, CHARGE, Incidents.START.minus(Duration.ofHours(3)), around100(700));
    sink.anomaly(CHARGE, 1, Incidents.START, 7, span());
    Incident incident = open(ID);

    recorder.onIncident(IncidentChange.OPENED, incident);

    JsonNode told = message(messages);
    assertThat(told.get("change").asText()).isEqualTo("opened");
    String id = told.at("/incident/id").asText();
    JsonNode shown = sink.get("/api/monitor/incidents/" + id).body();
    assertThat(shown.at("/suspects/0/service").asText()).isEqualTo("payment");
    assertThat(sink.get(shown.at("/links/sampleTraces/0").asText()).status()).isEqualTo(200);
    assertThat(act("acknowledge", "{\"by\":\"ada\"}").at("/acknowledgement/by").asText())
        .isEqualTo("ada");

    recorder.onIncident(IncidentChange.CLOSED, closed(incident, 90));
    assertThat(message(messages).get("change").asText()).isEqualTo("closed");
    assertThat(sink.get("/api/monitor/incidents").body().get("items")).isEmpty();

    JsonNode excluded = act("exclude", "{\"by\":\"ada\",\"reason\":\"the provider was down\"}");
    assertThat(excluded.get("recalculation").asText()).isEqualTo("started");
    assertThat(sink.recalculator.awaitIdle(60_000)).isTrue();
    assertThat(sink.directory.operation(CHARGE).baseline().samples())
        .as("the hour of the incident does not teach")
        .isEqualTo(700);

    JsonNode rule = act("false", "{\"by\":\"ada\",\"reason\":\"a load test\"}");
    assertThat(rule.at("/effect/prevented/0").asText()).isEqualTo(ID);
    String accept = "/api/monitor/rules/" + rule.get("id").asLong() + "/accept";
    assertThat(sink.postJson(accept, "{\"by\":\"bob\"}").status()).isEqualTo(200);
    assertThat(sink.rulesInForce.get()).hasSize(1);
    JsonNode log = sink.get(INCIDENT).body().get("changes");
    assertThat(ApiTest.texts(log, "change"))
        .containsExactly("opened", "acknowledged", "closed", "excluded", "marked_false");
    socket.abort();
  }

  private static byte[] span() {
    Span.Builder span =
        Span.newBuilder()
            .setSpanId(ByteString.fromHex("0000000000000007"))
            .setName("charge")
            .setStartTimeUnixNano(EpochNanos.of(Incidents.START))
            .setEndTimeUnixNano(EpochNanos.of(Incidents.START) + 1);
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build()
        .toByteArray();
  }

  private JsonNode act(String action, String body) throws Exception {
    ApiFixture.Answer answer = sink.postJson(INCIDENT + "/" + action, body);
    assertThat(answer.status()).as(answer.raw().body()).isBetween(200, 202);
    return answer.body();
  }

  private WebSocket listen(BlockingQueue<String> messages) throws Exception {
    URI uri =
        URI.create(
            sink.uri(MonitorApi.LIVE_PATH + "?types=incident").toString().replace("http", "ws"));
    WebSocket socket =
        sink.client
            .newWebSocketBuilder()
            .buildAsync(
                uri,
                new WebSocket.Listener() {
                  private final StringBuilder partial = new StringBuilder();

                  @Override
                  public @Nullable CompletionStage<?> onText(
                      WebSocket from, CharSequence data, boolean last) {
                    partial.append(data);
                    if (last) {
                      messages.add(partial.toString());
                      partial.setLength(0);
                    }
                    from.request(1);
                    return null;
                  }
                })
            .join();
    assertThat(message(messages).get("type").asText()).isEqualTo("hello");
    return socket;
  }

  private JsonNode message(BlockingQueue<String> messages) throws Exception {
    String text = messages.poll(20, TimeUnit.SECONDS);
    assertThat(text).as("a message within 20 s").isNotNull();
    return sink.mapper.readTree(text);
  }
}
