package io.krystaline.sink.api;

import static io.krystaline.sink.api.ApiFixture.NOON;
import static io.krystaline.sink.checkpoint.Teaching.around100;
import static io.krystaline.sink.checkpoint.Teaching.teach;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.engine.span.TraceId;
import io.krystaline.sink.store.RecalculationKind;
import io.krystaline.sink.store.TraceSpan;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.OperationId;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorApiTest {
  private static final String BASE = "/api/monitor/";
  private static final OperationKey CART = new OperationKey("cart", "GET /", SpanKind.SERVER);
  private static final OperationKey AUTH = new OperationKey("auth", "GET /", SpanKind.CLIENT);
  private static final OperationKey PAY = new OperationKey("pay|ment", "a|b", SpanKind.CONSUMER);
  private static final byte[] NO_SPAN = {};

  private final ApiFixture sink = new ApiFixture();
  private OpenApiContract contract;

  @BeforeEach
  void readContract() throws IOException {
    contract = new OpenApiContract(sink.mapper);
  }

  @AfterEach
  void close() {
    sink.close();
  }

  /** Asks, holds the answer against the document, and gives it. */
  private ApiFixture.Answer get(String route, String query, int status) throws Exception {
    return get(route, route, query, status);
  }

  private ApiFixture.Answer get(String route, String path, String query, int status)
      throws Exception {
    ApiFixture.Answer answer = sink.get(path + (query.isEmpty() ? "" : "?" + query));
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
    contract.check("get", route, answer);
    return answer;
  }

  private static List<String> texts(JsonNode items, String field) {
    List<String> texts = new ArrayList<>();
    items.forEach(item -> texts.add(item.get(field).asText()));
    return texts;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Test
  void routes_servedAndDescribed_areTheSame() {
    assertThat(contract.routes()).isEqualTo(new TreeSet<>(sink.api.routes()));
  }

  @Test
  void openApi_served_isTheDocument() throws Exception {
    ApiFixture.Answer answer = get("/api/openapi.json", "", 200);

    assertThat(answer.body()).isEqualTo(contract.document());
    assertThat(answer.raw().headers().firstValue("x-content-type-options")).contains("nosniff");
  }

  @Test
  void probes_readyAndNot_answer200And503() throws Exception {
    assertThat(get("/health", "", 200).body().get("status").asText()).isEqualTo("ready");
    assertThat(get("/ready", "", 200).body().get("detail").asText()).isEqualTo("takes spans");
    sink.probe = new Readiness.Probe(Readiness.State.DRAINING, "was told to stop");
    assertThat(get("/health", "", 503).body().get("status").asText()).isEqualTo("draining");
    assertThat(get("/ready", "", 503).body().get("detail").asText()).contains("stop");
  }

  @Test
  void metrics_asked_areText() throws Exception {
    sink.recalculator.registerWith(sink.telemetry.metrics("sink"));

    ApiFixture.Answer answer = get("/metrics", "", 200);

    assertThat(answer.raw().body())
        .contains("krystaline_sink_recalculations_total{")
        .contains("state=\"failed\"");
  }

  @Test
  void health_noService_isIdle() throws Exception {
    JsonNode body = get(BASE + "health", "", 200).body();

    assertThat(body.get("status").asText()).isEqualTo("idle");
    assertThat(body.get("items")).isEmpty();
    assertThat(body.get("nextCursor").isNull()).isTrue();
  }

  @Test
  void health_servicesOfEachState_saysSo() throws Exception {
    teach(sink.directory, new OperationKey("silent", "a", SpanKind.SERVER), NOON, around100(200));
    sink.clock.advance(Duration.ofHours(1));
    Instant now = sink.clock.instant();
    teach(sink.directory, new OperationKey("healthy", "a", SpanKind.SERVER), now, around100(200));
    teach(sink.directory, new OperationKey("degraded", "a", SpanKind.SERVER), now, around100(200));
    teach(sink.directory, new OperationKey("learning", "a", SpanKind.SERVER), now, 10, 20);
    sink.checkpoint.run();
    for (int i = 1; i <= 11; i++) {
      OperationKey key = new OperationKey("degraded", "a", SpanKind.SERVER);
      sink.anomaly(key, 1 + i % 2, now, i, NO_SPAN);
    }
    sink.anomaly(new OperationKey("healthy", "a", SpanKind.SERVER), 4, now, 99, NO_SPAN);
    sink.recalculator.request(RecalculationKind.FULL);
    assertThat(sink.recalculator.awaitIdle(20_000)).isTrue();

    JsonNode body = get(BASE + "health", "", 200).body();

    assertThat(texts(body.get("items"), "service"))
        .containsExactly("degraded", "healthy", "learning", "silent");
    assertThat(texts(body.get("items"), "status"))
        .containsExactly("degraded", "healthy", "learning", "silent");
    assertThat(body.get("status").asText()).isEqualTo("degraded");
    assertThat(body.get("activeAnomalies").asLong()).isEqualTo(12);
    assertThat(body.at("/recalculation/state").asText()).isEqualTo("succeeded");
    JsonNode degraded = body.at("/items/0");
    assertThat(degraded.get("severeAnomalies").asLong()).isEqualTo(11);
    assertThat(degraded.get("meanMillis").asDouble()).isBetween(99.0, 101.0);
    assertThat(degraded.get("p95Millis").asDouble()).isBetween(107.0, 111.0);
    assertThat(degraded.get("ratePerSecond").asDouble()).isPositive();
    assertThat(degraded.get("lastSeen").asText()).isEqualTo("2026-11-18T13:00:00.000000000Z");
    assertThat(body.at("/items/3/ratePerSecond").asDouble()).isZero();
  }

  @Test
  void anomalies_none_isAnEmptyPage() throws Exception {
    JsonNode body = get(BASE + "anomalies", "", 200).body();

    assertThat(body.get("items")).isEmpty();
    assertThat(body.has("nextCursor")).isTrue();
  }

  @Test
  void anomalies_oneActive_hasTheFixedNames() throws Exception {
    Anomaly stored = sink.anomaly(CART, 2, NOON.minusSeconds(60).plusNanos(7), 0xabL, NO_SPAN);

    JsonNode item = get(BASE + "anomalies", "", 200).body().at("/items/0");

    assertThat(item.toString())
        .isEqualTo(
            """
            {"id":"5b8efff798038103d269b633813fc60c-00000000000000ab",\
            "traceId":"5b8efff798038103d269b633813fc60c","spanId":"00000000000000ab",\
            "service":"cart","operation":"GET /","kind":"SERVER","severity":2,\
            "startTime":"2026-11-18T11:59:00.000000007Z",\
            "endTime":"2026-11-18T11:59:00.099600007Z",\
            "detectedAt":"2026-11-18T11:59:00.100000008Z",\
            "durationMillis":99.6,"deviation":2.12,\
            "expected":{"meanMillis":89.0,"stdDevMillis":5.0,"p50Millis":88.0,\
            "p95Millis":97.0,"p99Millis":101.0,"samples":412,"bucket":"Monday 09:00"},\
            "explanation":"expected 89 ms"}\
            """);
    assertThat(get(BASE + "anomalies/{id}", BASE + "anomalies/" + stored.id(), "", 200).body())
        .isEqualTo(item);
  }

  @Test
  void anomalies_withoutTimes_givesThoseDetectedInTheLastHour() throws Exception {
    sink.anomaly(CART, 1, NOON.minus(Duration.ofMinutes(61)), 1, NO_SPAN);
    sink.anomaly(CART, 1, NOON.minus(Duration.ofMinutes(59)), 2, NO_SPAN);

    assertThat(get(BASE + "anomalies", "", 200).body().get("items")).hasSize(1);
    assertThat(get(BASE + "anomalies", "from=2026-01-01T00:00:00Z", 200).body().get("items"))
        .hasSize(2);
  }

  @Test
  void anomalies_filters_letThroughWhatTheySay() throws Exception {
    sink.anomaly(CART, 1, NOON.minusSeconds(10), 1, NO_SPAN);
    sink.anomaly(CART, 2, NOON.minusSeconds(20), 2, NO_SPAN);
    sink.anomaly(AUTH, 3, NOON.minusSeconds(30), 3, NO_SPAN);
    sink.anomaly(PAY, 2, NOON.minusSeconds(40), 4, NO_SPAN);

    assertThat(spans("minSeverity=2")).containsExactly(1, 2, 4);
    assertThat(spans("minSeverity=1")).containsExactly(1);
    assertThat(spans("service=cart")).containsExactly(1, 2);
    assertThat(spans("operation=" + encode("GET /"))).containsExactly(1, 2, 3);
    assertThat(spans("service=pay%7Cment&minSeverity=2")).containsExactly(4);
    assertThat(spans("from=2026-11-18T11:59:40Z")).containsExactly(1, 2);
    assertThat(spans("from=2026-11-18T12:59:40%2B01:00")).containsExactly(1, 2);
    assertThat(spans("from=2026-11-18T12:59:40+01:00")).containsExactly(1, 2);
    assertThat(spans("until=2026-11-18T11:59:40Z")).containsExactly(3, 4);
    assertThat(spans("from=2026-11-18T11:59:25Z&until=2026-11-18T11:59:45Z")).containsExactly(2, 3);
  }

  private List<Integer> spans(String query) throws Exception {
    return texts(get(BASE + "anomalies", query, 200).body().get("items"), "spanId").stream()
        .map(text -> Integer.parseInt(text, 16))
        .toList();
  }

  @Test
  void anomalies_pageByPage_givesEachOnce() throws Exception {
    for (int i = 1; i <= 7; i++) {
      sink.anomaly(CART, 2, NOON.minusSeconds(i / 3), i, NO_SPAN);
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    while (true) {
      JsonNode body = get(BASE + "anomalies", "limit=3" + cursor, 200).body();
      seen.addAll(texts(body.get("items"), "spanId"));
      pages++;
      if (body.get("nextCursor").isNull()) {
        break;
      }
      cursor = "&cursor=" + body.get("nextCursor").asText();
    }

    assertThat(pages).isEqualTo(3);
    assertThat(seen).hasSize(7).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "anomalies;minSeverity=0;minSeverity",
        "anomalies;minSeverity=6;minSeverity",
        "anomalies;minSeverity=x;minSeverity",
        "anomalies;limit=0;limit",
        "anomalies;limit=501;limit",
        "anomalies;limit=99999999999;limit",
        "anomalies;limit=;limit",
        "anomalies;limit=1&limit=2;limit",
        "anomalies;from=yesterday;from",
        "anomalies;until=2026-11-18T11:59:45;until",
        "anomalies;from=2026-11-18T12:00:00Z&until=2026-11-18T12:00:00Z;from",
        "anomalies;cursor=nonsense;cursor",
        "anomalies;servise=cart;servise",
        "anomalies;service=;service",
        "anomalies;%0A=1;unknown",
        "health;a=1;none is allowed",
        "baselines;sort=name;sort",
        "baselines;kind=BOTH;kind",
        "baselines;cursor=AAAA;cursor",
        "history;bucket=PT0S;bucket",
        "history;bucket=PT0.5S;bucket",
        "history;bucket=PT1S;bucket",
        "history;bucket=hour;bucket",
        "recalculate;kind=full;kind",
      })
  void anyList_badParameter_is400AndNamesIt(String list, String query, String named)
      throws Exception {
    ApiFixture.Answer answer = get(BASE + list, query, 400);

    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.body().get("detail").asText()).contains(named);
  }

  @ParameterizedTest
  @CsvSource({
    "anomalies/{id}, anomalies/nonsense",
    "anomalies/{id}, anomalies/5b8efff798038103d269b633813fc60c-00000000000000ab",
    "anomalies/{id}, anomalies/5b8efff798038103d269b633813fc60c_00000000000000ab",
    "traces/{traceId}, traces/5b8efff798038103d269b633813fc60c",
    "traces/{traceId}, traces/xyz",
    "baselines/{operation}/hours, baselines/unknown/hours",
    "baselines/{operation}/hours, baselines/AAAAAAAAAAAAAAAA/hours",
    "baselines/{operation}/hours, baselines/a%7Cb%7CSERVER/hours",
  })
  void anyItem_unknownId_is404(String route, String path) throws Exception {
    ApiFixture.Answer answer = get(BASE + route, BASE + path, "", 404);

    assertThat(answer.contentType()).startsWith("application/problem+json");
  }

  @ParameterizedTest
  @CsvSource({"health", "anomalies", "history", "traces/5b8efff798038103d269b633813fc60c"})
  void anyRead_databaseAway_is503WithRetryAfter(String path) throws Exception {
    sink.anomalies.setUnavailable(true);

    ApiFixture.Answer answer =
        get(BASE + (path.startsWith("traces") ? "traces/{traceId}" : path), BASE + path, "", 503);

    assertThat(answer.raw().headers().firstValue("retry-after")).contains("1");
  }

  private void learnBaselines() throws InterruptedException {
    teach(sink.directory, CART, NOON, around100(2_000));
    teach(sink.directory, AUTH, NOON, 10, 20, 30);
    teach(sink.directory, AUTH, NOON, around100(1_500));
    teach(sink.directory, PAY, NOON, around100(500));
    sink.recalculator.request(RecalculationKind.FULL);
    assertThat(sink.recalculator.awaitIdle(20_000)).isTrue();
  }

  @Test
  void baselines_learned_haveTheFixedNames() throws Exception {
    learnBaselines();
    teach(sink.directory, CART, NOON, 500, 500, 500);

    JsonNode item = get(BASE + "baselines", "service=cart", 200).body().at("/items/0");

    assertThat(item.get("id").asText()).isEqualTo(OperationId.of(CART));
    assertThat(item.get("samples").asLong()).isEqualTo(2_000);
    assertThat(item.get("meanMillis").asDouble()).isBetween(99.0, 101.0);
    assertThat(item.get("minMillis").asDouble()).isEqualTo(90);
    assertThat(item.get("provisional").asBoolean()).isFalse();
    assertThat(item.at("/thresholds/sev1/percentile").asDouble()).isEqualTo(99.9);
    assertThat(item.at("/thresholds/sev2/deviation").asDouble()).isPositive();
    assertThat(item.at("/current/state").asText()).isIn("above", "normal");
    assertThat(item.at("/current/lastSeen").asText()).isEqualTo("2026-11-18T12:00:00.000000000Z");
  }

  @Test
  void baselines_filteredAndSorted_areInOrder() throws Exception {
    learnBaselines();

    assertThat(services("")).containsExactly("auth", "cart", "pay|ment");
    assertThat(services("sort=-service")).containsExactly("pay|ment", "cart", "auth");
    assertThat(services("sort=samples")).containsExactly("pay|ment", "auth", "cart");
    assertThat(services("sort=-samples")).containsExactly("cart", "auth", "pay|ment");
    assertThat(services("kind=client")).containsExactly("auth");
    assertThat(services("operation=a%7Cb")).containsExactly("pay|ment");
  }

  private List<String> services(String query) throws Exception {
    return texts(get(BASE + "baselines", query, 200).body().get("items"), "service");
  }

  @ParameterizedTest
  @CsvSource({"service", "-samples", "meanMillis", "-ratePerSecond"})
  void baselines_pageByPage_givesEachOnce(String sort) throws Exception {
    learnBaselines();
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode body = get(BASE + "baselines", "limit=1&sort=" + sort + cursor, 200).body();
      seen.addAll(texts(body.get("items"), "id"));
      cursor = body.get("nextCursor").isNull() ? "" : "&cursor=" + body.get("nextCursor").asText();
    } while (!cursor.isEmpty());

    assertThat(seen).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void hours_learnedAtOneHour_fallsBackInTheOthers() throws Exception {
    learnBaselines();

    JsonNode body = hours(OperationId.of(CART), "", 200).body();

    assertThat(body.get("items")).hasSize(168);
    JsonNode wednesdayNoon = body.at("/items/" + (2 * 24 + 12));
    assertThat(wednesdayNoon.get("day").asText()).isEqualTo("WEDNESDAY");
    assertThat(wednesdayNoon.get("hour").asInt()).isEqualTo(12);
    assertThat(wednesdayNoon.get("level").asText()).isEqualTo("hourOfWeek");
    assertThat(wednesdayNoon.get("ownSamples").asLong()).isEqualTo(2_000);
    assertThat(body.at("/items/12/level").asText()).isEqualTo("hourOfDay");
    assertThat(body.at("/items/12/ownSamples").asLong()).isZero();
    assertThat(body.at("/items/49/level").asText()).isEqualTo("dayOfWeek");
    assertThat(body.at("/items/0/level").asText()).isEqualTo("global");
  }

  @Test
  void hours_operationStillLearning_hasNoFigures() throws Exception {
    teach(sink.directory, CART, NOON, 10);

    JsonNode body = hours(OperationId.of(CART), "", 200).body();

    assertThat(body.at("/items/0/level").asText()).isEqualTo("learning");
    assertThat(body.at("/items/0/meanMillis").isNull()).isTrue();
  }

  @Test
  void hours_operationNamedInOtherWays_isFound() throws Exception {
    learnBaselines();

    assertThat(hours("cart|GET /|SERVER", "", 200).body().get("service").asText())
        .isEqualTo("cart");
    assertThat(hours("a|b", "", 200).body().get("service").asText()).isEqualTo("pay|ment");
    assertThat(hours("GET /", "service=auth", 200).body().get("kind").asText()).isEqualTo("CLIENT");
    assertThat(hours("GET /", "kind=server", 200).body().get("service").asText()).isEqualTo("cart");
    assertThat(hours("GET /", "", 409).body().get("detail").asText()).contains("several");
    hours("GET /", "service=none", 404);
  }

  private ApiFixture.Answer hours(String operation, String query, int status) throws Exception {
    return get(
        BASE + "baselines/{operation}/hours",
        BASE + "baselines/" + encode(operation) + "/hours",
        query,
        status);
  }

  @Test
  void history_lastDay_countsBySeverityServiceAndHour() throws Exception {
    sink.anomaly(CART, 1, NOON.minus(Duration.ofHours(2)), 1, NO_SPAN);
    sink.anomaly(CART, 2, NOON.minus(Duration.ofHours(2)), 2, NO_SPAN);
    sink.anomaly(AUTH, 2, NOON.minus(Duration.ofHours(26)), 3, NO_SPAN);

    JsonNode body = get(BASE + "history", "", 200).body();
    JsonNode hourly =
        get(BASE + "history", "bucket=PT1H&from=2026-11-17T00:00:00Z&service=auth", 200).body();

    assertThat(body.get("total").asLong()).isEqualTo(2);
    assertThat(body.get("bucketSeconds").asLong()).isEqualTo(1_800);
    assertThat(body.get("items")).hasSize(48);
    assertThat(body.at("/items/44/severities/sev1").asLong()).isEqualTo(1);
    assertThat(body.at("/items/44/total").asLong()).isEqualTo(2);
    assertThat(body.at("/services/0/service").asText()).isEqualTo("cart");
    assertThat(body.at("/hoursOfWeek/0/day").asText()).isEqualTo("WEDNESDAY");
    assertThat(body.at("/hoursOfWeek/0/hour").asInt()).isEqualTo(10);
    assertThat(hourly.get("items")).hasSize(36);
    assertThat(hourly.get("total").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "from=1900-01-01T00:00:00Z",
    "until=9999-01-01T00:00:00Z",
    "from=2030-01-01T00:00:00Z",
    "from=2026-11-18T11:59:59.5Z",
    "from=2026-11-18T11:59:59.1Z&until=2026-11-18T11:59:59.2Z",
  })
  void history_oddTimes_isBounded(String query) throws Exception {
    JsonNode body = get(BASE + "history", query, 200).body();

    assertThat(body.get("items").size()).isBetween(1, 62);
  }

  @Test
  void trace_kept_showsEverythingOfItsSpans() throws Exception {
    Anomaly anomaly = sink.anomaly(CART, 1, NOON, 0xab, span(0xab, 0xcd));
    TraceId traceId = anomaly.traceId();
    long parentStart = EpochNanos.of(NOON) - 1_000_000;
    sink.anomalies.saveSpans(
        List.of(new TraceSpan(traceId, new SpanId(0xcd), parentStart, span(0xcd, 0))));

    JsonNode body = get(BASE + "traces/{traceId}", BASE + "traces/" + traceId, "", 200).body();

    assertThat(body.get("complete").asBoolean()).isTrue();
    assertThat(texts(body.get("spans"), "spanId"))
        .containsExactly("00000000000000cd", "00000000000000ab");
    JsonNode child = body.at("/spans/1");
    assertThat(child.get("parentSpanId").asText()).isEqualTo("00000000000000cd");
    assertThat(child.get("anomalyId").asText()).isEqualTo(anomaly.id());
    assertThat(child.get("service").asText()).isEqualTo("cart");
    assertThat(child.get("kind").asText()).isEqualTo("SERVER");
    assertThat(child.get("status").asText()).isEqualTo("ERROR");
    assertThat(child.get("durationMillis").asDouble()).isEqualTo(99.6);
    assertThat(child.get("attributes").toString())
        .isEqualTo(
            "{\"text\":\"x\",\"whole\":7,\"huge\":\"9223372036854775807\",\"nan\":\"NaN\","
                + "\"list\":[true],\"bytes\":\"AQI=\",\"empty\":\"\"}");
    assertThat(child.at("/events/0/name").asText()).isEqualTo("exception");
    assertThat(body.at("/spans/0/parentSpanId").isNull()).isTrue();
    assertThat(body.at("/spans/0/anomalyId").isNull()).isTrue();
  }

  @Test
  void trace_parentMissing_isNotComplete() throws Exception {
    Anomaly anomaly = sink.anomaly(CART, 1, NOON, 0xab, span(0xab, 0xcd));

    JsonNode body =
        get(BASE + "traces/{traceId}", BASE + "traces/" + anomaly.traceId(), "", 200).body();

    assertThat(body.get("complete").asBoolean()).isFalse();
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static ByteString id(long id) {
    return ByteString.copyFrom(java.nio.ByteBuffer.allocate(8).putLong(id).array());
  }

  private static byte[] span(long spanId, long parentId) {
    long start = EpochNanos.of(NOON);
    Span.Builder span =
        Span.newBuilder()
            .setSpanId(id(spanId))
            .setName("GET /")
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + 99_600_000)
            .setStatus(
                Status.newBuilder()
                    .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                    .setMessage("broken"))
            .addAttributes(attribute("text", AnyValue.newBuilder().setStringValue("x")))
            .addAttributes(attribute("whole", AnyValue.newBuilder().setIntValue(7)))
            .addAttributes(attribute("huge", AnyValue.newBuilder().setIntValue(Long.MAX_VALUE)))
            .addAttributes(attribute("nan", AnyValue.newBuilder().setDoubleValue(Double.NaN)))
            .addAttributes(
                attribute(
                    "list",
                    AnyValue.newBuilder()
                        .setArrayValue(
                            ArrayValue.newBuilder()
                                .addValues(AnyValue.newBuilder().setBoolValue(true)))))
            .addAttributes(
                attribute(
                    "bytes",
                    AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[] {1, 2}))))
            .addAttributes(attribute("empty", AnyValue.newBuilder()))
            .addEvents(Span.Event.newBuilder().setName("exception").setTimeUnixNano(start))
            .addLinks(Span.Link.newBuilder().setSpanId(id(9)));
    if (parentId != 0) {
      span.setParentSpanId(id(parentId));
    }
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(
                            attribute(
                                "service.name", AnyValue.newBuilder().setStringValue("cart"))))
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build()
        .toByteArray();
  }

  @Test
  void recalculate_posted_runsOnceAtATime() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    sink.lanes =
        () -> {
          try {
            release.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        };
    teach(sink.directory, CART, NOON, around100(2_000));

    ApiFixture.Answer first = sink.post(BASE + "recalculate");
    ApiFixture.Answer second = sink.post(BASE + "recalculate?kind=incremental");
    JsonNode running = get(BASE + "recalculate", "", 200).body();
    release.countDown();
    assertThat(sink.recalculator.awaitIdle(20_000)).isTrue();
    JsonNode done = get(BASE + "recalculate", "", 200).body();

    assertThat(first.status()).isEqualTo(202);
    contract.check("post", BASE + "recalculate", first);
    assertThat(first.raw().headers().firstValue("location")).contains(BASE + "recalculate");
    assertThat(second.status()).isEqualTo(409);
    contract.check("post", BASE + "recalculate", second);
    assertThat(running.get("state").asText()).isEqualTo("running");
    assertThat(running.get("nextRunAt").asText()).isEqualTo("2026-11-19T03:00:00.000000000Z");
    assertThat(done.get("state").asText()).isEqualTo("idle");
    assertThat(done.at("/items/0/state").asText()).isEqualTo("succeeded");
    assertThat(done.at("/items/0/operations").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, cross-site, 403",
    "Sec-Fetch-Site, same-origin, 202",
    "Origin, https://evil.example.org, 403",
    "Origin, null, 403",
    "Origin, https://ui.example.org, 202",
  })
  void recalculate_postedByAWebPage_dependsOnItsOrigin(String header, String value, int status)
      throws Exception {
    ApiFixture.Answer answer = sink.post(BASE + "recalculate", header, value);

    assertThat(answer.status()).isEqualTo(status);
    contract.check("post", BASE + "recalculate", answer);
  }

  @Test
  void recalculate_unknownKind_is400() throws Exception {
    ApiFixture.Answer answer = sink.post(BASE + "recalculate?kind=some");

    assertThat(answer.status()).isEqualTo(400);
    contract.check("post", BASE + "recalculate", answer);
  }

  @Test
  void live_withoutAHandshake_is426() throws Exception {
    get(BASE + "live", "", 426);
  }
}
