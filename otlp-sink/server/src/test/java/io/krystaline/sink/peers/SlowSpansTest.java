package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowSpansTest {
  private final SlowSpans spans = new SlowSpans("shop", Instant.parse("2026-11-21T12:00:00Z"));

  @Test
  void mixed_afterNormal_keepsTheIdsOfTheSlowSpansOnly() throws Exception {
    spans.normal(1);
    List<String> documents = spans.mixed(1);

    JsonNode slow =
        new ObjectMapper()
            .readTree(documents.getFirst())
            .at("/resourceSpans/0/scopeSpans/0/spans/500");
    assertThat(spans.sent()).isEqualTo(1_001);
    assertThat(slow.get("startTimeUnixNano").asText()).isEqualTo("1795262395000000000");
    assertThat(spans.slowIds())
        .containsExactly(slow.get("traceId").asText() + "-" + slow.get("spanId").asText());
  }
}
