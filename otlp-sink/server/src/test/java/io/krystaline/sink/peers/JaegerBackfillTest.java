package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newcomer's sink is taught from a real Jaeger, and judges the first span that it receives. */
class JaegerBackfillTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void backfill_fromJaeger_teachesEverySpanSoThatTheFirstSlowOneIsAnAnomaly() {
    SlowSpans history = new SlowSpans("history-shop", Instant.now().minusSeconds(60));
    SlowSpans other = new SlowSpans("other-shop", Instant.now().minusSeconds(60));
    try (JaegerPeer jaeger = JaegerPeer.start(folder)) {
      jaeger.post(history.normal(10));
      jaeger.post(other.normal(1));
      SinkProcess.command(
          folder,
          LIMIT,
          "backfill",
          "--jaeger",
          jaeger.queryAddress().toString(),
          "--services",
          "history-shop",
          "--lookback",
          "1d");
    }

    try (SinkProcess sink = SinkProcess.start(folder, SinkProcess.Ports.free());
        LoopbackHttp receiver = new LoopbackHttp(sink.ports().http())) {
      JsonNode baselines = sink.get("/api/monitor/baselines").get("items");
      assertThat(baselines).hasSize(1);
      assertThat(baselines.get(0).get("service").asText()).isEqualTo("history-shop");
      assertThat(baselines.get(0).get("samples").asLong()).isEqualTo(history.sent());

      SlowSpans live = new SlowSpans("history-shop", Instant.now());
      receiver.postJson("/v1/traces", live.slowOnly());
      assertThat(sink.anomalyIds("history-shop")).isEqualTo(live.slowIds());
    }
  }
}
