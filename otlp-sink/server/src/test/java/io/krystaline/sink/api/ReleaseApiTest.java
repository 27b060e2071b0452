package io.krystaline.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.engine.release.ReleaseState;
import io.krystaline.engine.release.Verdict;
import io.krystaline.engine.span.SpanKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseApiTest extends ApiTest {
  private static final String RELEASES = BASE + "releases";
  private static final long SECOND = 1_000_000_000L;

  private static ReleaseState state(
      String service, String version, @Nullable String previous, long first, Verdict verdict) {
    return new ReleaseState(
        service,
        version,
        previous,
        first * SECOND,
        (first + 300) * SECOND,
        412,
        verdict,
        (first + 95) * SECOND,
        verdict == Verdict.SLOWER ? List.of(REASON) : List.of());
  }

  private static final ReleaseState.Reason REASON =
      new ReleaseState.Reason(
          "GET /stock",
          SpanKind.SERVER,
          8_911,
          412,
          12_000_000,
          31_000_000,
          23_500_000,
          60_000_000,
          0.003,
          0.0024,
          1.5e-7,
          "version 1.5.0 of inventory is slower than 1.4.0: p50 12 -> 31 ms on GET /stock");

  private static final List<ReleaseState> STATES =
      List.of(
          state("inventory", "1.5.0", "1.4.0", 1_700_000_900, Verdict.SLOWER),
          state("cart", "7", "6", 1_700_000_900, Verdict.NO_DIFFERENCE_FOUND),
          state("cart", "6", null, 1_700_000_000, Verdict.NOT_JUDGED),
          state("inventory", "1.4.0", null, 1_700_000_000, Verdict.NOT_JUDGED));

  private JsonNode items(String query) throws Exception {
    return get(RELEASES, query, 200).body().get("items");
  }

  @Test
  void list_withoutDetection_isEmpty() throws Exception {
    JsonNode body = get(RELEASES, "", 200).body();
    assertThat(body.get("items")).isEmpty();
    assertThat(body.get("nextCursor").isNull()).isTrue();
  }

  @Test
  void list_showsTheVerdictWithItsNumbers() throws Exception {
    sink.releases.set(STATES);

    JsonNode release = items("service=inventory").get(0);
    assertThat(release.get("version").asText()).isEqualTo("1.5.0");
    assertThat(release.get("previousVersion").asText()).isEqualTo("1.4.0");
    assertThat(release.get("verdict").asText()).isEqualTo("slower");
    assertThat(release.get("firstSeen").asText()).isEqualTo("2023-11-14T22:28:20.000000000Z");
    assertThat(release.get("since").asText()).isEqualTo("2023-11-14T22:29:55.000000000Z");
    JsonNode reason = release.get("reasons").get(0);
    assertThat(reason.get("operation").asText()).isEqualTo("GET /stock");
    assertThat(reason.get("previousP50Millis").asDouble()).isEqualTo(12);
    assertThat(reason.get("p95Millis").asDouble()).isEqualTo(60);
    assertThat(reason.get("pValue").asDouble()).isEqualTo(1.5e-7);
    assertThat(items("service=inventory").get(1).get("previousVersion").isNull()).isTrue();
  }

  @Test
  void list_byServiceAndVerdict() throws Exception {
    sink.releases.set(STATES);

    assertThat(texts(items(""), "version")).containsExactly("7", "1.5.0", "6", "1.4.0");
    assertThat(texts(items("service=cart"), "version")).containsExactly("7", "6");
    assertThat(texts(items("verdict=slower"), "version")).containsExactly("1.5.0");
    assertThat(items("service=cart&verdict=slower")).isEmpty();
    assertThat(items("service=nobody")).isEmpty();
  }

  @Test
  void list_pageByPage_givesEachOnce_alsoWhenANewOneComes() throws Exception {
    sink.releases.set(STATES);

    JsonNode first = get(RELEASES, "limit=1", 200).body();
    List<ReleaseState> more = new ArrayList<>(STATES);
    more.add(0, state("cart", "8", "7", 1_700_001_800, Verdict.UNDECIDED));
    sink.releases.set(more);
    List<String> versions = new ArrayList<>(texts(first.get("items"), "version"));
    String cursor = first.get("nextCursor").asText();
    while (!cursor.equals("null")) {
      JsonNode page = get(RELEASES, "limit=1&cursor=" + encode(cursor), 200).body();
      versions.addAll(texts(page.get("items"), "version"));
      cursor = page.get("nextCursor").asText();
    }
    assertThat(versions).containsExactly("7", "1.5.0", "6", "1.4.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"verdict=guilty", "limit=0", "cursor=%21", "cursor=AAAA", "colour=red"})
  void list_badParameter_isRefused(String query) throws Exception {
    get(RELEASES, query, 400);
  }
}
