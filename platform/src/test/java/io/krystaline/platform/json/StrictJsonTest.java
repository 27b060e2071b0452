package io.krystaline.platform.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StrictJsonTest {
  private final ObjectMapper mapper = StrictJson.mapper();

  private enum Kind {
    SERVER
  }

  private record Point(
      String name, int count, double ratio, Instant at, Duration pause, Optional<Kind> kind) {}

  /** Something that fails in the middle of being written. */
  private record Broken(String first, Object second) {}

  @Test
  void record_roundTrip_isExact() throws IOException {
    Point point =
        new Point(
            "a\"ü\u0001",
            Integer.MAX_VALUE,
            0.1,
            Instant.ofEpochSecond(0, 10),
            Duration.ofMillis(1500),
            Optional.of(Kind.SERVER));

    String json = mapper.writeValueAsString(point);

    assertThat(json)
        .isEqualTo(
            "{\"name\":\"a\\\"ü\\u0001\",\"count\":2147483647,\"ratio\":0.1,"
                + "\"at\":\"1970-01-01T00:00:00.000000010Z\",\"pause\":\"PT1.5S\","
                + "\"kind\":\"SERVER\"}");
    assertThat(mapper.readValue(json, Point.class)).isEqualTo(point);
  }

  @Test
  void write_nonFiniteNumber_isNull() throws IOException {
    assertThat(
            mapper.writeValueAsString(
                List.of(1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)))
        .isEqualTo("[1.5,null,null,null]");
    assertThat(mapper.writeValueAsString(new double[] {0.25})).isEqualTo("[0.25]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"count\":1,\"other\":2}",
        "{\"count\":1,\"count\":2}",
        "{\"count\":1.5}",
        "{\"count\":1.0}",
        "{\"count\":\"1\"}",
        "{\"count\":null}",
        "{\"count\":2147483648}",
        "{\"count\":true}",
        "{\"count\":1} {}",
        "{\"count\":1}]",
        "{\"kind\":0}",
        "{\"kind\":\"OTHER\"}",
        "{\"at\":1}",
        "{\"at\":\"yesterday\"}",
        "{\"name\":1}",
        "{\"ratio\":NaN}",
        "{\"count\":01}",
        "{count:1}",
        "{\"count\":1",
        ""
      })
  void read_whatCouldBeMisread_isRefused(String json) {
    assertThatThrownBy(() -> mapper.readValue(json, Point.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void read_beyondBounds_isRefused() {
    ObjectMapper small = StrictJson.mapper(new JsonBounds(100, 3, 10, 5, 4));

    assertThatThrownBy(() -> small.readTree("[[[[1]]]]")).hasMessageContaining("nesting");
    assertThatThrownBy(() -> small.readTree("\"" + "x".repeat(11) + "\""))
        .hasMessageContaining("length");
    assertThatThrownBy(() -> small.readTree("{\"abcdef\":1}")).hasMessageContaining("length");
    assertThatThrownBy(() -> small.readTree("[12345]")).hasMessageContaining("length");
    assertThatThrownBy(() -> new JsonBounds(1, 1, 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readTree_repeatedName_isRefused() {
    assertThatThrownBy(() -> mapper.readTree("{\"a\":1,\"a\":1}"))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void lines_areWholeLinesOrNothing() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonLinesWriter writer = new JsonLinesWriter(mapper, out)) {
      writer.write(Map.of("a", "line\nbreak"));
      assertThatThrownBy(() -> writer.write(new Broken("first", new Object())))
          .hasMessageContaining("second");
      writer.write(List.of());
      writer.flush();
      assertThat(writer.lines()).isEqualTo(2);
    }

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"a\":\"line\\nbreak\"}\n[]\n");
  }

  @Test
  void lines_fullDisk_isTold() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("disk full");
          }
        };
    JsonLinesWriter writer = new JsonLinesWriter(mapper, full);

    assertThatThrownBy(
            () -> {
              writer.write(List.of());
              writer.close();
            })
        .hasMessage("disk full");
  }
}
