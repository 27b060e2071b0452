package io.krystaline.sink;

/** The line that sends a first span with nothing but curl. */
final class FirstSpan {
  private FirstSpan() {}

  /** A curl command that sends one span of 42 ms that ends at {@code nowMillis}. */
  static String curl(String otlpHttp, long nowMillis) {
    return ("curl -sS %s/v1/traces -H 'content-type: application/json' -d '"
            + "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\","
            + "\"value\":{\"stringValue\":\"hello\"}}]},\"scopeSpans\":[{\"spans\":[{"
            + "\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\","
            + "\"name\":\"first span\",\"kind\":2,"
            + "\"startTimeUnixNano\":\"%d000000\",\"endTimeUnixNano\":\"%d000000\"}]}]}]}'")
        .formatted(otlpHttp, nowMillis - 42, nowMillis);
  }
}
