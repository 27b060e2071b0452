package io.krystaline.sink.api;

import static io.krystaline.sink.api.ApiFixture.NOON;
import static io.krystaline.sink.checkpoint.Teaching.around100;
import static io.krystaline.sink.checkpoint.Teaching.teach;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.sink.store.RecalculationKind;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorApiTest extends ApiTest {
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
    clock.advance(Duration.ofHours(1));
    Instant now = clock.instant();
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
  void recalculate_posted_runsOnceAtATime() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    sink.lanes =
        (from, until) -> {
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
