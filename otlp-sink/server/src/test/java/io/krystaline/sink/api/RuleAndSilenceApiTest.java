package io.krystaline.sink.api;

import static io.krystaline.sink.incident.Incidents.closed;
import static io.krystaline.sink.incident.Incidents.open;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.engine.score.Severity;
import io.krystaline.sink.incident.Incidents;
import io.krystaline.sink.store.DetectionRule;
import io.krystaline.sink.store.IncidentStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleAndSilenceApiTest extends ApiTest {
  private static final String ID = "00000000000000ab";
  private static final String FALSE = BASE + "incidents/{id}/false";
  private static final String BY_ADA = "{\"by\":\"ada\"}";

  private IncidentStore store() {
    return sink.incidents.incidents();
  }

  private ApiFixture.Answer post(String route, String path, String body, int status)
      throws Exception {
    ApiFixture.Answer answer = sink.postJson(path, body);
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
    contract.check("post", route, answer);
    return answer;
  }

  private JsonNode markFalse(String id, int status) throws Exception {
    return post(
            FALSE,
            BASE + "incidents/" + id + "/false",
            "{\"by\":\"ada\",\"reason\":\"a nightly job\"}",
            status)
        .body();
  }

  private ApiFixture.Answer decide(Object id, String decision, int status) throws Exception {
    return post(
        BASE + "rules/{id}/" + decision, BASE + "rules/" + id + "/" + decision, BY_ADA, status);
  }

  @Test
  void markFalse_proposesARuleWithItsEffect() throws Exception {
    store().save(open(ID));
    store().save(closed(open("same"), 60));
    store().save(Incidents.of("other", Severity.MAJOR, "auth", Incidents.START));

    JsonNode rule = markFalse(ID, 201);

    assertThat(rule.get("service").asText()).isEqualTo("payment");
    assertThat(rule.get("channel").asText()).isEqualTo("self_time");
    assertThat(rule.get("multiplier").asDouble()).isEqualTo(3.3); // 1.25 * 31.5 / 12.25 = 3.21
    assertThat(rule.get("muted").asBoolean()).isFalse();
    assertThat(rule.get("state").asText()).isEqualTo("proposed");
    assertThat(rule.at("/effect/incidents").asInt()).isEqualTo(3);
    assertThat(rule.at("/effect/preventedCount").asInt()).isEqualTo(2);
    assertThat(rule.at("/effect/prevented")).hasSize(2);
    assertThat(rule.at("/effect/weakened")).isEmpty();
    assertThat(sink.rulesInForce.get()).isEmpty();
    assertThat(store().entries(ID).getLast().text()).contains("a nightly job");
    markFalse("none", 404);
  }

  @Test
  void rule_acceptedAndReverted_isToldToTheDetector() throws Exception {
    store().save(open(ID));
    long id = markFalse(ID, 201).get("id").asLong();

    JsonNode accepted = decide(id, "accept", 200).body();
    assertThat(accepted.get("state").asText()).isEqualTo("accepted");
    assertThat(accepted.get("decidedBy").asText()).isEqualTo("ada");
    assertThat(sink.rulesInForce.get()).extracting(DetectionRule::id).containsExactly(id);
    decide(id, "accept", 409);
    decide(id, "revert", 200);
    assertThat(sink.rulesInForce.get()).isEmpty();
    decide(id, "revert", 409);
    decide(id, "accept", 200);
    decide(4711, "accept", 404);
    decide("none", "revert", 404);
  }

  @Test
  void rules_byState_areListed() throws Exception {
    store().save(open(ID));
    long first = markFalse(ID, 201).get("id").asLong();
    long second = markFalse(ID, 201).get("id").asLong();
    decide(first, "accept", 200);

    String rules = BASE + "rules";
    assertThat(texts(get(rules, "", 200).body().get("items"), "id"))
        .containsExactly("" + second, "" + first);
    assertThat(texts(get(rules, "state=accepted", 200).body().get("items"), "id"))
        .containsExactly("" + first);
    assertThat(get(rules, "limit=1", 200).body().get("items")).hasSize(1);
    get(rules, "state=some", 400);
  }

  private ApiFixture.Answer silence(String body, int status) throws Exception {
    return post(BASE + "silences", BASE + "silences", body, status);
  }

  @Test
  void silence_createdAndEnded_changesWhatIsSilenced() throws Exception {
    store().save(open(ID));

    JsonNode silence =
        silence(
                "{\"by\":\"ada\",\"comment\":\"deploy\",\"service\":\"payment\",\"maxSeverity\":2,"
                    + "\"until\":\"2026-11-18T13:00:00Z\"}",
                201)
            .body();
    boolean silenced = isSilenced();
    String path = BASE + "silences/" + silence.get("id").asLong();
    ApiFixture.Answer ended = delete(path + "?by=bob", 200);

    assertThat(silence.get("active").asBoolean()).isTrue();
    assertThat(silenced).isTrue();
    assertThat(isSilenced()).isFalse();
    assertThat(ended.body().get("endedBy").asText()).isEqualTo("bob");
    delete(path + "?by=bob", 409);
    delete(path, 400);
    delete(BASE + "silences/4711?by=bob", 404);
    delete(BASE + "silences/none?by=bob", 404);
  }

  private boolean isSilenced() throws Exception {
    JsonNode listed = get(BASE + "incidents", "", 200).body().at("/items/0/silenced");
    JsonNode one =
        get(BASE + "incidents/{id}", BASE + "incidents/" + ID, "", 200).body().get("silenced");
    assertThat(one).isEqualTo(listed);
    return one.asBoolean();
  }

  private ApiFixture.Answer delete(String path, int status) throws Exception {
    ApiFixture.Answer answer = sink.delete(path);
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
    contract.check("delete", BASE + "silences/{id}", answer);
    return answer;
  }

  @Test
  void silences_activeAndAll_areListed() throws Exception {
    silence("{\"by\":\"ada\",\"until\":\"2026-11-18T12:00:01Z\"}", 201);
    silence("{\"by\":\"bob\",\"operation\":\"o\",\"until\":\"2026-11-18T14:00:00Z\"}", 201);
    clock.advance(Duration.ofHours(1));

    String silences = BASE + "silences";
    assertThat(texts(get(silences, "", 200).body().get("items"), "by")).containsExactly("bob");
    assertThat(texts(get(silences, "state=all", 200).body().get("items"), "by"))
        .containsExactly("bob", "ada");
    get(silences, "state=some", 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"by\":\"ada\"}",
        "{\"by\":\"ada\",\"until\":\"2026-11-18T12:00:00Z\"}",
        "{\"by\":\"ada\",\"until\":\"2028-11-18T12:00:00Z\"}",
        "{\"until\":\"2026-11-18T13:00:00Z\"}",
        "{\"by\":\"ada\",\"maxSeverity\":6,\"until\":\"2026-11-18T13:00:00Z\"}",
        "{\"by\":\"ada\",\"service\":\"\",\"until\":\"2026-11-18T13:00:00Z\"}"
      })
  void silence_wrongBody_is400(String body) throws Exception {
    silence(body, 400);
  }
}
