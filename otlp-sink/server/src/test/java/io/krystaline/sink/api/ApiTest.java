package io.krystaline.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.sink.SettableClock;
import io.krystaline.sink.store.InMemoryAnomalyStore;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Asks the API over a real socket and holds each answer against the OpenAPI document. */
abstract class ApiTest {
  static final String BASE = "/api/monitor/";
  static final OperationKey CART = new OperationKey("cart", "GET /", SpanKind.SERVER);
  static final OperationKey AUTH = new OperationKey("auth", "GET /", SpanKind.CLIENT);
  static final OperationKey PAY = new OperationKey("pay|ment", "a|b", SpanKind.CONSUMER);
  static final byte[] NO_SPAN = {};

  final SettableClock clock = new SettableClock(ApiFixture.NOON);
  final InMemoryAnomalyStore anomalies = new InMemoryAnomalyStore();
  final ApiFixture sink =
      new ApiFixture(
          ApiSettings.defaults().withOrigins(Set.of("https://ui.example.org")),
          ApiFixture.Stores.inMemory(clock, anomalies));
  OpenApiContract contract;

  @BeforeEach
  void readContract() throws IOException {
    contract = new OpenApiContract(sink.mapper);
  }

  @AfterEach
  void close() {
    sink.close();
  }

  /** Asks, holds the answer against the document, and gives it. */
  ApiFixture.Answer get(String route, String query, int status) throws Exception {
    return get(route, route, query, status);
  }

  ApiFixture.Answer get(String route, String path, String query, int status) throws Exception {
    ApiFixture.Answer answer = sink.get(path + (query.isEmpty() ? "" : "?" + query));
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
    contract.check("get", route, answer);
    return answer;
  }

  static List<String> texts(JsonNode items, String field) {
    List<String> texts = new ArrayList<>();
    items.forEach(item -> texts.add(item.get(field).asText()));
    return texts;
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
