package io.krystaline.sink.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.incident.Incident;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.incident.Incidents;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncidentViewTest {
  private final ObjectMapper mapper = StrictJson.mapper();

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void of_anOpenIncident_hasEveryNameOfTheContract() {
    JsonNode json = mapper.valueToTree(IncidentView.of(Incidents.open("00000000000000ff")));

    assertThat(names(json))
        .containsExactly(
            "id",
            "severity",
            "priority",
            "useCase",
            "kind",
            "title",
            "start",
            "onset",
            "detectedAt",
            "updatedAt",
            "end",
            "reopened",
            "suspects",
            "services",
            "operations",
            "sampleTraceIds",
            "normalTraceIds",
            "evidence",
            "attributes",
            "errors");
    assertThat(names(json.at("/suspects/0")))
        .containsExactly("service", "operation", "caller", "share");
    assertThat(names(json.at("/operations/0"))).containsExactly("service", "operation", "kind");
    assertThat(names(json.at("/evidence/0")))
        .containsExactly(
            "service",
            "channel",
            "since",
            "spans",
            "exceeding",
            "level",
            "nats",
            "threshold",
            "text");
    assertThat(names(json.at("/attributes/0")))
        .containsExactly(
            "attribute", "value", "anomalous", "anomalousOf", "normal", "normalOf", "pValue");
    assertThat(names(json.at("/errors/0")))
        .containsExactly("id", "service", "type", "message", "count", "stackTrace");
  }

  @Test
  void of_anOpenIncident_writesTimesWithNanosecondsAndNoEnd() {
    JsonNode json = mapper.valueToTree(IncidentView.of(Incidents.open("00000000000000ff")));

    assertThat(json.get("start").asText()).isEqualTo("2026-11-18T11:00:00.000000123Z");
    assertThat(json.get("detectedAt").asText()).isEqualTo("2026-11-18T11:00:05.000000123Z");
    assertThat(json.get("end").isNull()).isTrue();
    assertThat(json.get("severity").asInt()).isEqualTo(2);
    assertThat(json.get("priority").asText()).isEqualTo("P1");
    assertThat(json.get("kind").asText()).isEqualTo("latency");
    assertThat(json.at("/evidence/0/channel").asText()).isEqualTo("self_time");
    assertThat(json.at("/suspects/1/operation").isNull()).isTrue();
    assertThat(json.at("/suspects/1/caller").asText()).isEqualTo("web");
    assertThat(json.at("/sampleTraceIds/0").asText()).isEqualTo("5b8efff798038103d269b633813fc60c");
  }

  @Test
  void of_aClosedIncident_writesItsEndAndCanBeReadBack() throws Exception {
    Incident closed = Incidents.closed(Incidents.open("00000000000000ff"), 60);

    IncidentView view = IncidentView.of(closed);

    String text = mapper.writeValueAsString(view);
    assertThat(mapper.readTree(text).get("end").asText())
        .isEqualTo("2026-11-18T11:01:00.000000123Z");
    assertThat(mapper.readValue(text, IncidentView.class)).isEqualTo(view);
  }
}
