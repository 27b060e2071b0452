package io.krystaline.sink.api;

import static io.krystaline.sink.api.ApiFixture.NOON;
import static io.krystaline.sink.checkpoint.Teaching.around100;
import static io.krystaline.sink.checkpoint.Teaching.teach;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.sink.store.RecalculationKind;
import io.krystaline.sink.view.OperationId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineApiTest extends ApiTest {
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
}
