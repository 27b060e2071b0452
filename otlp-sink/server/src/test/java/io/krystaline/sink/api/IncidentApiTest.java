package io.krystaline.sink.api;

import static io.krystaline.sink.incident.Incidents.closed;
import static io.krystaline.sink.incident.Incidents.open;
import static io.krystaline.sink.incident.Incidents.reopened;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.score.Severity;
import io.krystaline.sink.incident.Incidents;
import io.krystaline.sink.store.InMemoryIncidentStore;
import io.krystaline.sink.store.IncidentEntry;
import io.krystaline.sink.store.IncidentStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IncidentApiTest extends ApiTest {
  private static final String ID = "00000000000000ab";
  private static final String INCIDENTS = BASE + "incidents";
  private static final String ONE = INCIDENTS + "/{id}";

  private IncidentStore store() {
    return sink.incidents.incidents();
  }

  private JsonNode list(String query) throws Exception {
    return get(INCIDENTS, query, 200).body();
  }

  private JsonNode one(String id) throws Exception {
    return get(ONE, INCIDENTS + "/" + id, "", 200).body();
  }

  private ApiFixture.Answer post(String action, String body, int status) throws Exception {
    return post(ID, action, body, status);
  }

  private ApiFixture.Answer post(String id, String action, String body, int status)
      throws Exception {
    ApiFixture.Answer answer = sink.postJson(INCIDENTS + "/" + id + "/" + action, body);
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
    contract.check("post", ONE + "/" + action, answer);
    return answer;
  }

  @Test
  void list_none_isEmpty() throws Exception {
    assertThat(list("").get("items")).isEmpty();
    assertThat(list("").get("nextCursor").isNull()).isTrue();
  }

  @Test
  void list_byState_openIsTheDefault() throws Exception {
    store().save(open("open"));
    store().save(closed(open("closed"), 60));

    assertThat(texts(list("").get("items"), "id")).containsExactly("open");
    assertThat(texts(list("state=closed").get("items"), "id")).containsExactly("closed");
    assertThat(texts(list("state=all").get("items"), "id")).containsExactly("open", "closed");
  }

  @Test
  void list_filters_giveWhatIsAskedFor() throws Exception {
    store().save(Incidents.of("1", Severity.CRITICAL, "auth", Incidents.START));
    store().save(Incidents.of("2", Severity.MINOR, "payment", Incidents.START.plusSeconds(60)));
    String later = Incidents.START.plusSeconds(30).toString();

    assertThat(texts(list("service=auth").get("items"), "id")).containsExactly("1");
    assertThat(texts(list("service=cart").get("items"), "id")).containsExactly("2", "1");
    assertThat(texts(list("operation=none").get("items"), "id")).isEmpty();
    assertThat(texts(list("minSeverity=2").get("items"), "id")).containsExactly("1");
    assertThat(texts(list("priority=P1").get("items"), "id")).containsExactly("2");
    assertThat(texts(list("until=" + later).get("items"), "id")).containsExactly("1");
    assertThat(texts(list("from=" + later).get("items"), "id")).containsExactly("2", "1");
  }

  @Test
  void list_pages_giveEachOnce() throws Exception {
    for (int i = 0; i < 7; i++) {
      store()
          .save(
              Incidents.of("id-" + i, Severity.MAJOR, "cart", Incidents.START.plusSeconds(i / 2)));
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = list("limit=3" + cursor);
      seen.addAll(texts(page.get("items"), "id"));
      cursor = page.get("nextCursor").isNull() ? "" : "&cursor=" + page.get("nextCursor").asText();
    } while (!cursor.isEmpty());

    assertThat(seen).containsExactly("id-6", "id-5", "id-4", "id-3", "id-2", "id-1", "id-0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=some",
        "priority=P3",
        "minSeverity=0",
        "limit=0",
        "limit=501",
        "cursor=x",
        "cursor=AAAA",
        "from=yesterday",
        "from=2026-11-18T12:00:00Z&until=2026-11-18T12:00:00Z",
        "unknown=1"
      })
  void list_wrongParameter_is400(String query) throws Exception {
    get(INCIDENTS, query, 400);
  }

  @Test
  void one_known_hasEverything() throws Exception {
    store().save(open(ID));

    JsonNode incident = one(ID);

    assertThat(incident.get("id").asText()).isEqualTo(ID);
    assertThat(incident.get("end").isNull()).isTrue();
    assertThat(incident.get("acknowledgement").isNull()).isTrue();
    assertThat(incident.get("silenced").asBoolean()).isFalse();
    assertThat(incident.at("/changes/0/change").asText()).isEqualTo("opened");
    assertThat(incident.at("/changes/0/eventTime").asText())
        .isEqualTo("2026-11-18T11:00:05.000000123Z");
    assertThat(incident.at("/links/sampleTraces/0").asText())
        .isEqualTo("/api/monitor/traces/5b8efff798038103d269b633813fc60c");
    assertThat(incident.at("/links/self").asText()).isEqualTo("/api/monitor/incidents/" + ID);
    get(ONE, INCIDENTS + "/none", "", 404);
    get(ONE, INCIDENTS + "/" + ID, "x=1", 400);
  }

  @Test
  void acknowledge_onceTwiceAndReopened_answersEach() throws Exception {
    store().save(open(ID));

    JsonNode first = post("acknowledge", "{\"by\":\"ada\",\"comment\":\"on it\"}", 200).body();
    post("acknowledge", "{\"by\":\"bob\"}", 409);
    post("none", "acknowledge", "{\"by\":\"bob\"}", 404);
    store().save(reopened(closed(open(ID), 60), 70));

    assertThat(first.at("/acknowledgement/by").asText()).isEqualTo("ada");
    assertThat(first.at("/acknowledgement/comment").asText()).isEqualTo("on it");
    assertThat(one(ID).get("acknowledgement").isNull()).isTrue();
    assertThat(texts(one(ID).get("changes"), "change"))
        .containsExactly("opened", "acknowledged", "reopened");
    post("acknowledge", "{\"by\":\"bob\"}", 200);
  }

  @Test
  void comment_several_areShownInOrder() throws Exception {
    store().save(open(ID));

    post("comments", "{\"by\":\"ada\",\"text\":\"first\"}", 201);
    JsonNode incident = post("comments", "{\"by\":\"bob\",\"text\":\" second \"}", 201).body();

    assertThat(texts(incident.get("comments"), "text")).containsExactly("first", "second");
    assertThat(texts(incident.get("comments"), "by")).containsExactly("ada", "bob");
    post("none", "comments", "{\"by\":\"ada\",\"text\":\"x\"}", 404);
    while (store().entries(ID).size() < IncidentStore.ENTRIES_MAX) {
      store().note(ID, IncidentEntry.Action.COMMENTED, "ada", "more");
    }
    post("comments", "{\"by\":\"ada\",\"text\":\"x\"}", 409);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acknowledge | {}",
        "acknowledge | {\"by\":\" \"}",
        "acknowledge | {\"by\":null}",
        "acknowledge | {\"by\":\"ada\",\"who\":\"ada\"}",
        "acknowledge | {\"by\":[\"ada\"]}",
        "acknowledge | [",
        "acknowledge | null",
        "comments | {\"by\":\"ada\"}",
        "comments | {\"by\":\"ada\",\"text\":\"\"}",
        "false | {\"by\":\"ada\"}",
        "exclude | {}",
        "exclude | {\"by\":\"ada\",\"from\":\"soon\"}",
        "exclude | {\"by\":\"ada\",\"from\":\"2026-11-19T00:00:00Z\"}",
        "exclude | {\"by\":\"ada\",\"from\":\"2026-01-01T00:00:00Z\"}"
      })
  void action_wrongBody_is400(String action, String body) throws Exception {
    store().save(open(ID));

    post(action, body, 400);

    assertThat(store().entries(ID)).hasSize(1);
  }

  @Test
  void action_tooLongName_is400() throws Exception {
    store().save(open(ID));

    post("acknowledge", "{\"by\":\"" + "x".repeat(201) + "\"}", 400);
    post("acknowledge", "{\"by\":\"" + "x".repeat(200) + "\"}", 200);
  }

  @Test
  void action_bodyThatIsNotJson_is415AndTooLong413() throws Exception {
    ApiFixture.Answer plain = sink.post(INCIDENTS + "/" + ID + "/acknowledge");
    assertThat(plain.status()).isEqualTo(415);
    contract.check("post", ONE + "/acknowledge", plain);

    post("comments", "{\"by\":\"ada\",\"text\":\"" + "x".repeat(70_000) + "\"}", 413);
  }

  @Test
  void action_ofAWebPageElsewhere_is403() throws Exception {
    store().save(open(ID));

    ApiFixture.Answer answer =
        sink.post(INCIDENTS + "/" + ID + "/acknowledge", "Origin", "https://evil.example.org");

    assertThat(answer.status()).isEqualTo(403);
    contract.check("post", ONE + "/acknowledge", answer);
  }

  @Test
  void exclude_closedIncident_keepsItAndRecalculates() throws Exception {
    Incident incident = closed(open(ID), 90);
    store().save(incident);

    ApiFixture.Answer answer = post("exclude", "{\"by\":\"ada\",\"reason\":\"a deploy\"}", 202);
    assertThat(sink.recalculator.awaitIdle(20_000)).isTrue();

    JsonNode body = answer.body();
    assertThat(answer.raw().headers().firstValue("location")).contains(BASE + "recalculate");
    assertThat(body.at("/exclusion/from").asText()).isEqualTo("2026-11-18T10:59:55.000000123Z");
    assertThat(body.at("/exclusion/until").asText()).isEqualTo("2026-11-18T11:01:30.000000123Z");
    assertThat(body.at("/exclusion/hoursFrom").asText())
        .isEqualTo("2026-11-18T10:00:00.000000000Z");
    assertThat(body.at("/exclusion/hoursUntil").asText())
        .isEqualTo("2026-11-18T12:00:00.000000000Z");
    assertThat(body.get("operations").asInt()).isEqualTo(1);
    assertThat(body.get("text").asText()).isEqualTo("forgot it");
    assertThat(body.get("recalculation").asText()).isEqualTo("started");
    assertThat(sink.excluded).hasSize(1);
    assertThat(sink.recalculator.latest(9)).hasSize(1);
    JsonNode detail = one(ID);
    assertThat(detail.at("/exclusions/0/reason").asText()).isEqualTo("a deploy");
    assertThat(detail.at("/changes/2/change").asText()).isEqualTo("excluded");
  }

  @Test
  void exclude_givenTimes_areTaken() throws Exception {
    store().save(open(ID));

    JsonNode body =
        post(
                "exclude",
                "{\"by\":\"ada\",\"from\":\"2026-11-18T09:00:00Z\",\"until\":\"2026-11-18T10:00:00Z\"}",
                202)
            .body();
    assertThat(sink.recalculator.awaitIdle(20_000)).isTrue();

    assertThat(body.at("/exclusion/hoursFrom").asText())
        .isEqualTo("2026-11-18T09:00:00.000000000Z");
    assertThat(body.at("/exclusion/hoursUntil").asText())
        .isEqualTo("2026-11-18T10:00:00.000000000Z");
    post("none", "exclude", "{\"by\":\"ada\"}", 404);
  }

  @Test
  void everything_databaseAway_is503() throws Exception {
    ((InMemoryIncidentStore) store()).setUnavailable(true);

    ApiFixture.Answer answer = get(INCIDENTS, "", 503);
    post("acknowledge", "{\"by\":\"ada\"}", 503);

    assertThat(answer.raw().headers().firstValue("retry-after")).contains("1");
  }
}
