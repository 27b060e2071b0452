package io.krystaline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.decode.DecodeResult;
import io.krystaline.engine.decode.TraceDecoder;
import io.krystaline.engine.score.RecentSpans;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.engine.score.TimeRange;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.traffic.Fault;
import io.krystaline.sink.traffic.FaultKind;
import io.krystaline.sink.traffic.TrafficGenerator;
import io.krystaline.sink.traffic.TrafficSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What an operator does with a fault, from the notification on, through the API alone: a whole sink
 * with its embedded PostgreSQL, simulated traffic of 70 minutes over OTLP/HTTP, a real webhook.
 */
class OperatorJourneyTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Instant ELEVEN = Instant.parse("2026-11-18T11:00:00Z");
  private static final long NOON = ELEVEN.plus(Duration.ofHours(1)).getEpochSecond() * SECOND;
  private static final long START = NOON - 40 * 60 * SECOND;
  private static final String SERVICE = "pricing";

  private static final Fault FAULT =
      new Fault(FaultKind.LATENCY, SERVICE, "", 1, NOON + 600 * SECOND, NOON + 840 * SECOND);
  private static final Fault AGAIN =
      new Fault(FaultKind.LATENCY, SERVICE, "", 1, NOON + 1_500 * SECOND, NOON + 1_560 * SECOND);
  private static final long END = NOON + 1_800 * SECOND;

  @TempDir Path folder;

  private final ObjectMapper mapper = StrictJson.mapper();
  private final Scored reference = new Scored();
  private final TrafficGenerator traffic =
      new TrafficGenerator(new TrafficSettings(5, 6, 1), START, List.of(FAULT, AGAIN));

  /** The statistics of what was sent, as one thread counts them. */
  private static final class Scored {
    private final OperationDirectory directory =
        new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
    private final Scorer scorer =
        new Scorer(
            directory, new RecentSpans(1 << 17, 1), ScoringSettings.defaults().inEventTime());
    private final TraceDecoder decoder = new TraceDecoder();
    private final SpanBatch batch = new SpanBatch();

    void add(byte[] bytes, int length) {
      assertThat(decoder.decode(bytes, 0, length, batch)).isEqualTo(DecodeResult.DECODED);
      scorer.learn(batch, 0, TimeRange.ALL);
    }

    /** An operation's spans that started before noon: it never saw the fault. */
    HourStatistics beforeNoon(OperationKey key) {
      scorer.flush(0);
      HourStatistics all = new HourStatistics();
      for (HourSlice slice : directory.operation(key).drainPending()) {
        if (slice.epochHour() < HourSlice.epochHourOf(NOON)) {
          all.merge(slice.statistics());
        }
      }
      return all;
    }
  }

  @Test
  void operator_fromTheNotificationToTheExclusion_needsOnlyTheApi() throws Exception {
    Path data = folder.resolve("data");
    try (WebhookInbox inbox = new WebhookInbox(mapper)) {
      String id;
      JsonNode rules;
      try (RunningSink sink = new RunningSink(mapper, clock(), settings(data, inbox))) {
        id = fromTheNoticeToTheTraces(sink, inbox);
        String incident = "/api/monitor/incidents/" + id;
        falseMark(sink, incident);
        exclusion(sink, incident);
        rules = sink.get("/api/monitor/rules").body();
      }
      backtest(data, id, rules);
    }
  }

  /** The simulated day, at the pace of the clock: the traffic is of the last 85 minutes. */
  private static InstantSource clock() {
    Instant simulated = Instant.ofEpochSecond(0, END).plusSeconds(900);
    Duration offset = Duration.between(Instant.now(), simulated);
    return () -> Instant.now().plus(offset);
  }

  private static Map<String, String> settings(Path data, WebhookInbox inbox) {
    return Map.of(
        "data", data.toString(),
        "notify.channels", "hook",
        "notify.channel.hook.url", inbox.url(),
        "notify.group-wait", "0s",
        "notify.link", "https://console.example/incidents/{id}");
  }

  private void send(RunningSink sink, long untilNanos) throws IOException {
    traffic.runUntil(
        untilNanos,
        (bytes, length) -> {
          reference.add(bytes, length);
          sink.send(bytes, length);
        });
    sink.flush();
  }

  private String fromTheNoticeToTheTraces(RunningSink sink, WebhookInbox inbox) throws Exception {
    send(sink, FAULT.startNanos() + 120 * SECOND);
    JsonNode notice = inbox.next("opened");
    String id = notice.at("/incident/id").asText();
    assertThat(notice.path("link").asText()).isEqualTo("https://console.example/incidents/" + id);

    String incident = "/api/monitor/incidents/" + id;
    JsonNode shown = sink.get(incident).body();
    assertThat(shown.at("/suspects/0/service").asText()).isEqualTo(SERVICE);
    assertThat(shown.path("end").isNull()).isTrue();
    Instant detected = Instant.parse(shown.path("detectedAt").asText());
    assertThat(detected.getEpochSecond() * SECOND)
        .isBetween(FAULT.startNanos(), FAULT.startNanos() + 60 * SECOND);
    String trace = shown.at("/sampleTraceIds/0").asText();
    JsonNode spans =
        sink.await("/api/monitor/traces/" + trace, answer -> answer.status() == 200)
            .body()
            .path("spans");
    assertThat(spans.findValuesAsText("service")).contains(SERVICE);

    JsonNode acknowledged = sink.post(incident + "/acknowledge", "{\"by\":\"ada\"}");
    assertThat(acknowledged.at("/acknowledgement/by").asText()).isEqualTo("ada");
    sink.post(incident + "/comments", "{\"by\":\"ada\",\"text\":\"a bigger cache helps\"}");

    send(sink, FAULT.endNanos() + 300 * SECOND);
    assertThat(inbox.next("resolved").at("/incident/id").asText()).isEqualTo(id);
    JsonNode closed = sink.get(incident).body();
    assertThat(closed.path("end").asText()).isNotEmpty();
    assertThat(closed.at("/comments/0/text").asText()).isEqualTo("a bigger cache helps");
    assertThat(sink.awaitMetric("krystaline_sink_detection_spans_withheld_total", 1))
        .as("what the open incident covered did not teach")
        .isPositive();
    return id;
  }

  /** A rule is proposed, quiets the next fault like it, and is taken back. */
  private void falseMark(RunningSink sink, String incident) throws Exception {
    JsonNode rule = sink.post(incident + "/false", "{\"by\":\"ada\",\"reason\":\"a load test\"}");
    assertThat(rule.path("service").asText()).isEqualTo(SERVICE);
    assertThat(rule.path("state").asText()).isEqualTo("proposed");
    assertThat(rule.at("/effect/preventedCount").asInt() + rule.at("/effect/weakenedCount").asInt())
        .isPositive();
    String path = "/api/monitor/rules/" + rule.path("id").asLong();
    assertThat(sink.post(path + "/accept", "{\"by\":\"bob\"}").path("state").asText())
        .isEqualTo("accepted");

    send(sink, END);
    sink.awaitMetric("krystaline_sink_detection_alarms_quieted_total", 1);
    JsonNode all = sink.get("/api/monitor/incidents?state=all").body().path("items");
    assertThat(all).as(all.toPrettyString()).hasSize(1);

    assertThat(sink.post(path + "/revert", "{\"by\":\"bob\"}").path("state").asText())
        .isEqualTo("reverted");
  }

  /** The baseline is as if it had never seen the hour of the fault. */
  private void exclusion(RunningSink sink, String incident) throws Exception {
    JsonNode shown = sink.get(incident).body();
    JsonNode covered = shown.at("/operations/0");
    OperationKey key =
        new OperationKey(
            covered.path("service").asText(),
            covered.path("operation").asText(),
            SpanKind.valueOf(covered.path("kind").asText()));
    String baseline =
        "/api/monitor/baselines?service=%s&operation=%s"
            .formatted(encoded(key.service()), encoded(key.operation()));

    JsonNode excluded =
        sink.post(incident + "/exclude", "{\"by\":\"ada\",\"reason\":\"not normal\"}");

    assertThat(excluded.path("operations").asInt()).isPositive();
    HourStatistics clean = reference.beforeNoon(key);
    assertThat(clean.count()).isGreaterThan(100);
    JsonNode now = sink.get(baseline).body().at("/items/0");
    assertThat(now.path("samples").asLong()).isEqualTo(clean.count());
    assertThat(now.path("meanMillis").asDouble())
        .isCloseTo(clean.meanNanos() / 1e6, within(1e-6 * clean.meanNanos()));
    assertThat(now.path("p99Millis").asDouble())
        .isCloseTo(clean.quantileNanos(0.99) / 1e6, within(0.02 * clean.quantileNanos(0.99) / 1e6));
    JsonNode log = sink.get(incident).body();
    assertThat(log.path("changes").findValuesAsText("change"))
        .containsSubsequence(
            "opened", "acknowledged", "commented", "closed", "marked_false", "excluded");
    assertThat(log.path("exclusions")).hasSize(1);
  }

  /** The stored incident, looked at again under the rule, once the sink has stopped. */
  private void backtest(Path data, String id, JsonNode rules) throws Exception {
    assertThat(rules.path("items")).hasSize(1);
    JsonNode rule = rules.at("/items/0");
    Path file =
        Files.writeString(
            folder.resolve("rules.json"),
            "[{\"service\":\"%s\",\"channel\":\"%s\",\"multiplier\":%s}]"
                .formatted(
                    rule.path("service").asText(),
                    rule.path("channel").asText(),
                    rule.path("multiplier")));
    StringWriter out = new StringWriter();
    Path json = folder.resolve("backtest.json");

    int status =
        new CommandLine(new KrystalineCommand())
            .setOut(new PrintWriter(out))
            .execute(
                "backtest",
                "--data",
                data.toString(),
                "--rules",
                file.toString(),
                "--json",
                json.toString());

    assertThat(status).as(out.toString()).isZero();
    JsonNode report = mapper.readTree(json.toFile());
    assertThat(report.path("history").asText()).isEqualTo("stored");
    assertThat(report.toString()).contains(id);
    assertThat(out.toString()).contains(id).contains("Does not find what never was an incident");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
