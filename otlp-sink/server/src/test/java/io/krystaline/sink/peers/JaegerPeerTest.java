package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backfill relies on: what Jaeger took, its query API gives back. */
class JaegerPeerTest {
  @TempDir private Path folder;

  @Test
  void post_oneSpan_canBeQueried() {
    try (JaegerPeer jaeger = JaegerPeer.start(folder);
        LoopbackHttp query = new LoopbackHttp(jaeger.queryAddress().getPort())) {
      jaeger.post(
          List.of(
              """
              {"resourceSpans":[{"resource":{"attributes":[
                {"key":"service.name","value":{"stringValue":"shop"}}]},
                "scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",
                "spanId":"eee19b7ec3c1b174","name":"GET /orders","kind":2,
                "startTimeUnixNano":"1544712660000000000",
                "endTimeUnixNano":"1544712661000000000"}]}]}]}
              """));

      assertThat(query.get("/api/services")).contains("\"shop\"");
      assertThat(query.get("/api/traces/5b8efff798038103d269b633813fc60c"))
          .contains("\"GET /orders\"");
    }
  }
}
