package io.krystaline.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.platform.http.RawClient.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiltersTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final String ALLOWED = "https://shop.example.org";

  @TempDir private Path folder;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    Path root = Files.createDirectories(folder.resolve("ui/assets"));
    Files.writeString(root.resolve("app-1a2b.js"), "let a = 1;");
    Files.writeString(folder.resolve("ui/index.html"), "<html>index</html>");
    Files.writeString(folder.resolve("ui/.env"), "classified");
    Files.writeString(folder.resolve("secret.txt"), "classified");
    Files.createSymbolicLink(folder.resolve("ui/link.txt"), folder.resolve("secret.txt"));
    JsonBodies json = new JsonBodies(new ObjectMapper());
    Router router =
        Router.builder()
            .get("/health", exchange -> exchange.respond(HttpResponse.text(200, "ok")))
            .get("/big", exchange -> exchange.respond(json.ok(Map.of("a", "x".repeat(5000)))))
            .get("/little", exchange -> exchange.respond(json.ok(Map.of("a", "x"))))
            .get(
                "/otlp",
                exchange ->
                    exchange.respond(
                        HttpResponse.of(200, "application/x-protobuf", new byte[5000])))
            .post(
                "/json",
                exchange -> exchange.respond(json.ok(json.read(exchange.request(), Map.class))))
            .get("/ui/{path...}", StaticFiles.ofFolder(folder.resolve("ui")).handler())
            .get(
                "/cp/{path...}",
                StaticFiles.ofClassPath(FiltersTest.class.getClassLoader(), "io/krystaline/")
                    .handler())
            .build();
    HttpService guarded = new BearerToken(TOKEN, Set.of("/health")).around(router);
    server =
        HttpServer.builder(
                HttpServerSettings.defaults(), CorsPolicy.of(Set.of(ALLOWED)).around(guarded))
            .build();
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer ask(String requestLine, String... headers) throws IOException {
    return ask(requestLine, true, "", headers);
  }

  private Answer ask(String requestLine, boolean hasBody, String body, String... headers)
      throws IOException {
    StringBuilder request = new StringBuilder(requestLine + " HTTP/1.1\r\nHost: a\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    request.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
    try (RawClient client = new RawClient(server.port())) {
      return client.send(request.toString()).answer(hasBody);
    }
  }

  private static final String RIGHT = "Authorization: Bearer " + TOKEN;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Authorization: Bearer 0123456789abcdeF",
        "Authorization: Bearer 0123456789abcdef0",
        "Authorization: Bearer",
        "Authorization: Basic 0123456789abcdef",
        RIGHT + "\r\n" + RIGHT
      })
  void token_missingOrWrongIs401(String header) throws IOException {
    Answer answer = ask("GET /little", header);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
  }

  @Test
  void token_isNotNeededOnOpenPathsAndRightElsewhere() throws IOException {
    assertThat(ask("GET /health").status()).isEqualTo(200);
    assertThat(ask("GET /little", RIGHT).text()).isEqualTo("{\"a\":\"x\"}");
    assertThat(ask("GET /little", "authorization: bearer " + TOKEN).status()).isEqualTo(200);
  }

  @Test
  void preflight_fromAnAllowedOriginIsAnswered204WithoutAToken() throws IOException {
    Answer answer =
        ask("OPTIONS /little", "Origin: " + ALLOWED, "Access-Control-Request-Method: POST");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("access-control-allow-origin")).isEqualTo(ALLOWED);
    assertThat(answer.header("access-control-allow-headers"))
        .contains("content-type", "traceparent", "tracestate", "baggage");
    assertThat(answer.header("vary")).contains("origin");
    assertThat(answer.headers())
        .doesNotContainKeys("access-control-allow-credentials", "content-length");
  }

  @Test
  void preflight_fromAnotherOriginIsRefused() throws IOException {
    Answer answer =
        ask("OPTIONS /little", "Origin: https://evil.org", "Access-Control-Request-Method: GET");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void cors_headersAreOnAnswersAndErrors() throws IOException {
    assertThat(ask("GET /little", RIGHT, "Origin: " + ALLOWED).headers())
        .containsEntry("access-control-allow-origin", ALLOWED);
    assertThat(ask("GET /nothing", RIGHT, "Origin: " + ALLOWED).headers())
        .containsEntry("access-control-allow-origin", ALLOWED);
    assertThat(ask("GET /little", RIGHT, "Origin: https://evil.org").headers())
        .doesNotContainKey("access-control-allow-origin")
        .containsKey("vary");
  }

  @Test
  void gzip_isUsedForLongJsonOnly() throws IOException {
    Answer big = ask("GET /big", RIGHT, "Accept-Encoding: br;q=1, gzip;q=0.5");
    assertThat(big.header("content-encoding")).isEqualTo("gzip");
    assertThat(big.header("vary")).contains("accept-encoding");
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(big.body()))) {
      assertThat(new String(gzip.readAllBytes(), StandardCharsets.UTF_8)).hasSize(5008);
    }
    assertThat(ask("GET /big", RIGHT, "Accept-Encoding: gzip;q=0").body()).hasSize(5008);
    assertThat(ask("GET /big", RIGHT).body()).hasSize(5008);
    assertThat(ask("GET /little", RIGHT, "Accept-Encoding: gzip").headers())
        .doesNotContainKey("content-encoding");
    assertThat(ask("GET /otlp", RIGHT, "Accept-Encoding: gzip").headers())
        .doesNotContainKey("content-encoding");
  }

  @Test
  void json_bodiesAreReadOrRefused() throws IOException {
    String type = "Content-Type: application/json; charset=utf-8";
    assertThat(ask("POST /json", true, "{\"b\":1}", RIGHT, type).text()).isEqualTo("{\"b\":1}");
    assertThat(ask("POST /json", true, "{\"b\":", RIGHT, type).status()).isEqualTo(400);
    assertThat(ask("POST /json", true, "null", RIGHT, type).status()).isEqualTo(400);
    assertThat(ask("POST /json", true, "", RIGHT, type).status()).isEqualTo(400);
    assertThat(ask("POST /json", true, "{}", RIGHT, "Content-Type: text/plain").status())
        .isEqualTo(415);
  }

  @Test
  void staticFile_hasTypeTagAndCaching() throws IOException {
    Answer script = ask("GET /ui/assets/app-1a2b.js", RIGHT);
    assertThat(script.text()).isEqualTo("let a = 1;");
    assertThat(script.header("content-type")).startsWith("text/javascript");
    assertThat(script.header("cache-control")).contains("immutable");
    Answer cached =
        ask("GET /ui/assets/app-1a2b.js", RIGHT, "If-None-Match: " + script.header("etag"));
    assertThat(cached.status()).isEqualTo(304);
    assertThat(cached.body()).isEmpty();
    Answer head = ask("HEAD /ui/assets/app-1a2b.js", false, "", RIGHT);
    assertThat(head.header("content-length")).isEqualTo("10");
  }

  @Test
  void staticPage_fallsBackToTheIndex() throws IOException {
    assertThat(ask("GET /ui/", RIGHT).text()).contains("index");
    assertThat(ask("GET /ui/anomalies/7", RIGHT, "Accept: text/html").text()).contains("index");
    assertThat(ask("GET /ui/anomalies/7", RIGHT).status()).isEqualTo(404);
    assertThat(ask("GET /ui/none.js", RIGHT, "Accept: text/html").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/../secret.txt",
        "/ui/%2e%2e/secret.txt",
        "/ui/..%2fsecret.txt",
        "/ui/%2e%2e%5csecret.txt",
        "/ui//secret.txt",
        "/ui/.env",
        "/ui/link.txt",
        "/ui/a%00b",
        "/cp/platform",
        "/cp/../../META-INF/MANIFEST.MF"
      })
  void staticFile_outsideTheFolderIsNotServed(String path) throws IOException {
    Answer answer = ask("GET " + path, RIGHT);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).doesNotContain("classified");
  }

  @Test
  void classPathFile_isServed() throws IOException {
    Answer answer = ask("GET /cp/platform/http/FiltersTest.class", RIGHT);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/octet-stream");
    assertThat(answer.body()).startsWith(0xca, 0xfe, 0xba, 0xbe);
  }
}
