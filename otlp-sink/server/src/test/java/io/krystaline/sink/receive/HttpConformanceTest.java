package io.krystaline.sink.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.krystaline.platform.http.BearerToken;
import io.krystaline.platform.http.CorsPolicy;
import io.krystaline.platform.http.HttpServerSettings;
import io.krystaline.platform.http.HttpStartException;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.Transport;
import io.krystaline.sink.receive.RawHttp.Answer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lines of otlp-conformance.md for OTLP/HTTP, over real sockets with literal bytes. */
class HttpConformanceTest {
  private static final int MESSAGE_BYTES_MAX = 1024 * 1024;
  private static final String PROTOBUF = "Content-Type: application/x-protobuf";
  private static final String JSON = "Content-Type: application/json";
  private static final String ORIGIN = "https://shop.example.org";
  private static final byte[] NOTHING = {};
  private static final byte[] GARBAGE = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 7};
  private static final byte[] SMALL = OtlpSamples.spans(1).toByteArray();
  private static final String SPAN_JSON =
      """
      {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name",
      "value":{"stringValue":"orders"}}]},"scopeSpans":[{"spans":[{
      "traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174",
      "name":"pay","kind":2,"startTimeUnixNano":"1700000000000000000",
      "endTimeUnixNano":1700000000010000000,"unknownField":{"a":[1]},"status":null}]}]}]}\
      """;

  private final CountingMetrics metrics = new CountingMetrics();
  private final FakeIngest ingest = new FakeIngest(MESSAGE_BYTES_MAX);
  private final HttpReceiver receiver = receiver(UnaryOperator.identity());
  private RawHttp http;

  @BeforeEach
  void start() throws Exception {
    receiver.start();
    http = new RawHttp(receiver.port());
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    receiver.close();
  }

  @Test
  void line01_plainGzipAndZstd_areAccepted() throws Exception {
    byte[] message = OtlpSamples.spans(3).toByteArray();

    assertOk(http.post("/v1/traces", message, PROTOBUF));
    for (String coding : new String[] {"gzip", "GZIP", "zstd", "identity"}) {
      byte[] body =
          coding.equals("identity")
              ? message
              : Compressed.bytes(coding.toLowerCase(java.util.Locale.ROOT), message);
      assertOk(http.post("/v1/traces", body, PROTOBUF, "Content-Encoding: " + coding));
    }

    assertThat(ingest.messages()).hasSize(5).containsOnly(OtlpSamples.spans(3));
    assertThat(ingest.spans(Transport.HTTP_PROTOBUF)).isEqualTo(15);
  }

  @Test
  void line02_exactlyTheLimitPasses_oneByteMoreIs413() throws Exception {
    byte[] exact = OtlpSamples.ofBytes(MESSAGE_BYTES_MAX).toByteArray();
    byte[] over = OtlpSamples.ofBytes(MESSAGE_BYTES_MAX + 1).toByteArray();

    assertOk(http.post("/v1/traces", exact, PROTOBUF));
    for (String coding : new String[] {"gzip", "zstd"}) {
      byte[] body = Compressed.bytes(coding, exact);
      assertOk(http.post("/v1/traces", body, PROTOBUF, "Content-Encoding: " + coding));
      assertRefused(
          http.post(
              "/v1/traces",
              Compressed.bytes(coding, over),
              PROTOBUF,
              "Content-Encoding: " + coding),
          413,
          Code.RESOURCE_EXHAUSTED);
    }
    assertRefused(http.post("/v1/traces", over, PROTOBUF), 413, Code.RESOURCE_EXHAUSTED);

    metrics.assertCount("refused http_protobuf too_large", 3);
  }

  @Test
  void line03_emptyRequest_isSuccess() throws Exception {
    for (ExportEndpoint endpoint : ExportEndpoint.values()) {
      assertOk(http.post(endpoint.path(), NOTHING, PROTOBUF));
      assertThat(http.post(endpoint.path(), utf8("{}"), JSON).text()).isEqualTo("{}");
    }
  }

  @Test
  void line05_partialAcceptance_isOkWithCountAndMessage() throws Exception {
    Answer protobuf = http.post("/v1/traces", OtlpSamples.withInvalidIds().toByteArray(), PROTOBUF);
    Answer json =
        http.post("/v1/traces", utf8(SPAN_JSON.replace("eee19b7ec3c1b174", "eee1")), JSON);

    assertThat(protobuf.status()).isEqualTo(200);
    var partial = ExportTraceServiceResponse.parseFrom(protobuf.body()).getPartialSuccess();
    assertThat(partial.getRejectedSpans()).isEqualTo(2);
    assertThat(partial.getErrorMessage()).isEqualTo("2 spans have invalid ids");
    assertThat(json.status()).isEqualTo(200);
    assertThat(json.text())
        .isEqualTo(
            """
            {"partialSuccess":{"rejectedSpans":"1","errorMessage":"1 spans have invalid ids"}}\
            """);
  }

  @Test
  void line06_longMessages_areCutFarBelow64KiB() throws Exception {
    ingest.answerWith(ok -> new IngestResult.Accepted(0, 9, "x".repeat(100_000), null));
    assertThat(http.post("/v1/traces", SMALL, PROTOBUF).body()).hasSizeLessThan(1024);
    assertThat(http.post("/v1/traces", utf8(SPAN_JSON), JSON).body()).hasSizeLessThan(1024);

    ingest.answerWith(ok -> new IngestResult.Malformed("\u0000\uD800y".repeat(100_000)));
    assertThat(http.post("/v1/traces", SMALL, PROTOBUF).body()).hasSizeLessThan(1024);
  }

  @Test
  void line17_metricsAndLogs_areCounted() throws Exception {
    assertOk(http.post("/v1/metrics", OtlpSamples.dataPoints(4).toByteArray(), PROTOBUF));
    assertOk(http.post("/v1/logs", OtlpSamples.logRecords(3).toByteArray(), PROTOBUF));
    assertRefused(http.post("/v1/logs", GARBAGE, PROTOBUF), 400, Code.INVALID_ARGUMENT);

    metrics.assertCount("points http_protobuf", 4);
    metrics.assertCount("logs http_protobuf", 3);
  }

  @Test
  void line18_typesInAnyCaseWithParameters_areAnsweredInKind() throws Exception {
    Answer protobuf = http.post("/v1/traces", SMALL, "content-type: Application/X-Protobuf");
    Answer json =
        http.post("/v1/traces", utf8(SPAN_JSON), "CONTENT-TYPE: APPLICATION/JSON; charset=utf-8");

    assertThat(protobuf.header("content-type")).isEqualTo("application/x-protobuf");
    assertThat(json.header("content-type")).isEqualTo("application/json");
    assertThat(json.status()).isEqualTo(200);
    assertThat(ingest.spans(Transport.HTTP_JSON)).isEqualTo(1);
  }

  @Test
  void line19_json_isReadAsOtlpAsks() throws Exception {
    assertThat(http.post("/v1/traces", utf8(SPAN_JSON), JSON).text()).isEqualTo("{}");
    assertThat(
            http.post(
                    "/v1/traces",
                    Compressed.bytes("gzip", utf8(SPAN_JSON)),
                    JSON,
                    "Content-Encoding: gzip")
                .text())
        .isEqualTo("{}");

    var span = ingest.messages().getFirst().getResourceSpans(0).getScopeSpans(0).getSpans(0);
    assertThat(span.getTraceId().size()).isEqualTo(16);
    assertThat(span.getTraceId().byteAt(0)).isEqualTo((byte) 0x5b);
    assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()).isEqualTo(10_000_000);
  }

  @Test
  void line19_wrongJson_is400InJson() throws Exception {
    String deep = "{\"a\":" + "[".repeat(100_000);
    for (String text :
        new String[] {"", "[]", "{", SPAN_JSON + "x", SPAN_JSON.replace("\"pay\"", "7"), deep}) {
      Answer answer = http.post("/v1/traces", utf8(text), JSON);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.text()).startsWith("{\"code\":3,\"message\":").contains("BadRequest");
    }
    metrics.assertCount("refused http_json malformed", 6);
  }

  @Test
  void line20_errors_areStatusInTheRequestsEncoding() throws Exception {
    Status status = assertRefused(http.post("/v1/traces", GARBAGE, PROTOBUF), 400, null);

    assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
    assertThat(status.getDetails(0).unpack(BadRequest.class).getFieldViolationsCount()).isOne();
    assertThat(status.getMessage()).isNotEmpty();
  }

  @Test
  void line21_corruptOrMislabelledCompression_is400() throws Exception {
    for (String coding : new String[] {"gzip", "zstd"}) {
      byte[] whole = Compressed.bytes(coding, OtlpSamples.spans(50).toByteArray());
      byte[] cut = Arrays.copyOf(whole, whole.length - 5);
      for (byte[] body : new byte[][] {SMALL, cut}) {
        assertRefused(
            http.post("/v1/traces", body, PROTOBUF, "Content-Encoding: " + coding),
            400,
            Code.INVALID_ARGUMENT);
      }
    }
  }

  @Test
  void line21_missingOrUnknownType_is415() throws Exception {
    for (String header :
        new String[] {"X-None: 1", "Content-Type: text/plain", "Content-Type: application/xml"}) {
      assertRefused(http.post("/v1/traces", SMALL, header), 415, Code.INVALID_ARGUMENT);
    }
    assertRefused(
        http.post("/v1/traces", SMALL, PROTOBUF, "Content-Encoding: br"),
        415,
        Code.INVALID_ARGUMENT);
  }

  @Test
  void line21_otherMethodIs405WithAllow_otherPathIs404() throws Exception {
    for (String method : new String[] {"GET", "PATCH", "PUT", "DELETE"}) {
      Answer answer = http.send(method, "/v1/traces", NOTHING, PROTOBUF);
      assertRefused(answer, 405, Code.UNIMPLEMENTED);
      assertThat(answer.header("allow")).contains("POST");
    }
    assertRefused(http.post("/v1/secrets", SMALL, PROTOBUF), 404, Code.UNIMPLEMENTED);
  }

  @Test
  void line22_overload_is503WithRetryAfter() throws Exception {
    ingest.answerWith(ok -> new IngestResult.Unavailable(Duration.ofMillis(1500), "overloaded"));
    Answer protobuf = http.post("/v1/traces", SMALL, PROTOBUF);
    Answer json = http.post("/v1/traces", utf8(SPAN_JSON), JSON);

    Status status = assertRefused(protobuf, 503, Code.UNAVAILABLE);
    assertThat(status.getDetails(0).unpack(RetryInfo.class).getRetryDelay())
        .isEqualTo(
            com.google.protobuf.Duration.newBuilder().setSeconds(1).setNanos(500_000_000).build());
    assertThat(protobuf.header("retry-after")).isEqualTo("2");
    assertThat(json.status()).isEqualTo(503);
    assertThat(json.text()).contains("\"retryDelay\":\"1.500000000s\"");
  }

  @Test
  void line22_failedCommit_is503_defectIs500() throws Exception {
    ingest.answerWith(
        ok ->
            new IngestResult.Accepted(
                1, 0, "", CompletableFuture.failedFuture(new IllegalStateException("down"))));
    assertRefused(http.post("/v1/traces", SMALL, PROTOBUF), 503, Code.UNAVAILABLE);

    ingest.answerWith(
        ok -> {
          throw new IllegalStateException("secret");
        });
    Status status = assertRefused(http.post("/v1/traces", SMALL, PROTOBUF), 500, Code.INTERNAL);
    assertThat(status.getMessage()).doesNotContain("secret");
  }

  @Test
  void line23_keepAliveAndOkRetryablePermanentOk_keepTwoAndCountTwoRefusals() throws Exception {
    assertOk(http.post("/v1/traces", SMALL, PROTOBUF));
    ingest.answerWith(ok -> new IngestResult.Unavailable(Duration.ofSeconds(1), "overloaded"));
    assertRefused(http.post("/v1/traces", SMALL, PROTOBUF), 503, Code.UNAVAILABLE);
    ingest.answerWith(UnaryOperator.identity());
    assertRefused(http.post("/v1/traces", GARBAGE, PROTOBUF), 400, Code.INVALID_ARGUMENT);
    assertOk(http.post("/v1/traces", SMALL, PROTOBUF));

    assertThat(ingest.messages()).hasSize(2);
    metrics.assertCount("refused http_protobuf unavailable", 1);
    metrics.assertCount("refused http_protobuf malformed", 1);
  }

  @Test
  void line23_http2InPlainText_isServed() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      URI uri = URI.create("http://127.0.0.1:" + receiver.port() + "/v1/traces");
      HttpRequest get = HttpRequest.newBuilder(uri).build();
      HttpRequest post =
          HttpRequest.newBuilder(uri)
              .header("content-type", "application/x-protobuf")
              .POST(HttpRequest.BodyPublishers.ofByteArray(SMALL))
              .build();
      // A client of the JDK upgrades its connection with the first request, which has no body here.
      for (HttpRequest request : List.of(get, post, post)) {
        HttpResponse<byte[]> response =
            client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(request.method().equals("GET") ? 405 : 200);
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
    }
    assertThat(ingest.messages()).hasSize(2);
  }

  @Test
  void line24_cors_answersListedOriginsOnly() throws Exception {
    String asks = "Access-Control-Request-Method: POST";
    String headers = "Access-Control-Request-Headers: content-type,traceparent,tracestate,baggage";
    Answer allowed =
        http.send("OPTIONS", "/v1/traces", NOTHING, "Origin: " + ORIGIN, asks, headers);
    Answer other =
        http.send("OPTIONS", "/v1/traces", NOTHING, "Origin: https://evil.example", asks);
    Answer post = http.post("/v1/traces", SMALL, PROTOBUF, "Origin: " + ORIGIN);

    assertThat(allowed.status()).isEqualTo(204);
    assertThat(allowed.header("access-control-allow-origin")).isEqualTo(ORIGIN);
    assertThat(allowed.header("access-control-allow-headers"))
        .contains("content-type", "traceparent", "tracestate", "baggage");
    assertThat(other.status()).isEqualTo(403);
    assertThat(other.headers()).doesNotContainKey("access-control-allow-origin");
    assertThat(post.header("access-control-allow-origin")).isEqualTo(ORIGIN);
    assertThatThrownBy(() -> new CorsPolicy(Set.of("*"), Set.of(), true, Duration.ofMinutes(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void trap_severalMembersOrFrames_areAllReadAndCountedTogether() throws Exception {
    byte[] message = OtlpSamples.ofBytes(MESSAGE_BYTES_MAX + 1).toByteArray();
    byte[] fits = OtlpSamples.spans(50).toByteArray();
    for (String coding : new String[] {"gzip", "zstd"}) {
      String header = "Content-Encoding: " + coding;
      assertOk(http.post("/v1/traces", inTwo(coding, fits), PROTOBUF, header));
      assertRefused(
          http.post("/v1/traces", inTwo(coding, message), PROTOBUF, header),
          413,
          Code.RESOURCE_EXHAUSTED);
    }
    assertThat(ingest.messages()).hasSize(2).containsOnly(OtlpSamples.spans(50));
  }

  @Test
  void trap_noContinueForALengthOverTheLimit() throws Exception {
    http.write(
        RawHttp.head(
            "POST", "/v1/traces", MESSAGE_BYTES_MAX + 1L, PROTOBUF, "Expect: 100-continue"));

    assertRefused(http.answer(), 413, Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void trap_contentLengthWithTransferEncoding_endsTheConnection() throws Exception {
    http.write(RawHttp.head("POST", "/v1/traces", 4, PROTOBUF, "Transfer-Encoding: chunked"));

    assertThat(http.answer().status()).isEqualTo(400);
    assertThat(http.ends()).isTrue();
    assertThat(ingest.messages()).isEmpty();
  }

  @Test
  void token_missingOrWrong_is401() throws Exception {
    BearerToken token = new BearerToken("a token of many characters", Set.of());
    try (HttpReceiver guarded =
        receiver(s -> new HttpReceiverSettings(s.server(), s.messageBytesMax(), s.cors(), token))) {
      guarded.start();
      try (RawHttp client = new RawHttp(guarded.port())) {
        assertRefused(client.post("/v1/traces", SMALL, PROTOBUF), 401, Code.UNAUTHENTICATED);
        assertRefused(
            client.post("/v1/traces", SMALL, PROTOBUF, "Authorization: Bearer wrong"),
            401,
            Code.UNAUTHENTICATED);
        assertOk(
            client.post(
                "/v1/traces", SMALL, PROTOBUF, "Authorization: Bearer a token of many characters"));
      }
    }
    metrics.assertCount("refused http_protobuf unauthenticated", 2);
  }

  @Test
  void start_portInUse_fails() {
    HttpReceiver second =
        receiver(
            s ->
                HttpReceiverSettings.of(
                    s.server().withAddress("127.0.0.1", receiver.port()), s.cors()));

    assertThatThrownBy(second::start).isInstanceOf(HttpStartException.class);
  }

  private HttpReceiver receiver(UnaryOperator<HttpReceiverSettings> change) {
    HttpReceiverSettings settings =
        new HttpReceiverSettings(
            HttpServerSettings.defaults(), MESSAGE_BYTES_MAX, CorsPolicy.of(Set.of(ORIGIN)), null);
    return new HttpReceiver(
        change.apply(settings),
        new SignalIntake(ingest, metrics, MESSAGE_BYTES_MAX),
        metrics,
        TestEventLoops.GROUP);
  }

  private static byte[] inTwo(String coding, byte[] message) {
    byte[] first = Compressed.bytes(coding, Arrays.copyOf(message, 1000));
    byte[] second = Compressed.bytes(coding, Arrays.copyOfRange(message, 1000, message.length));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static void assertOk(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  private static Status assertRefused(
      Answer answer, int httpStatus, @org.jspecify.annotations.Nullable Code code)
      throws InvalidProtocolBufferException {
    assertThat(answer.status()).isEqualTo(httpStatus);
    assertThat(answer.header("content-type")).isEqualTo("application/x-protobuf");
    Status status = Status.parseFrom(answer.body());
    if (code != null) {
      assertThat(status.getCode()).isEqualTo(code.getNumber());
    }
    return status;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
