package io.krystaline.sink.api;

import static io.krystaline.sink.api.ApiFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.engine.score.Anomaly;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnomalyApiTest extends ApiTest {
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
    anomalies.setUnavailable(true);

    ApiFixture.Answer answer =
        get(BASE + (path.startsWith("traces") ? "traces/{traceId}" : path), BASE + path, "", 503);

    assertThat(answer.raw().headers().firstValue("retry-after")).contains("1");
  }
}
