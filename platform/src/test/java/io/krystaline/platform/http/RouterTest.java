package io.krystaline.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  private final HttpHandler none = exchange -> {};
  private final Router router =
      Router.builder()
          .get("/", none)
          .get("/items", none)
          .post("/items", none)
          .get("/items/{id}", none)
          .delete("/items/{id}", none)
          .post("/items/new", none)
          .get("/items/{id}/hours", none)
          .get("/files/{path...}", none)
          .get("/files/readme", none)
          .webSocket("/live", WebSocketSettings.defaults(), new WebSocketHandler() {})
          .build();

  private static HttpRequestHead head(String method, String path) {
    return new HttpRequestHead(
        method,
        path,
        "",
        HttpHeaders.empty(),
        InetSocketAddress.createUnresolved("a", 1),
        false,
        "HTTP/1.1");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/,/",
    "GET,/items,/items",
    "HEAD,/items,/items",
    "POST,/items,/items",
    "GET,/items/7,/items/{id}",
    "GET,/items/new,/items/{id}",
    "POST,/items/new,/items/new",
    "GET,/items/a%2Fb/hours,/items/{id}/hours",
    "GET,/files/,/files/{path...}",
    "GET,/files,/files/{path...}",
    "GET,/files/a/b/c,/files/{path...}",
    "GET,/files/readme,/files/readme"
  })
  void admit_findsTheMostSpecificRoute(String method, String path, String route) {
    assertThat(router.admit(head(method, path)))
        .isInstanceOfSatisfying(
            Admission.Handle.class, handle -> assertThat(handle.route()).isEqualTo(route));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/nothing|404|",
        "GET|/items/|404|",
        "GET|/items//hours|404|",
        "GET|//|404|",
        "PUT|/items|405|GET, HEAD, OPTIONS, POST",
        "PUT|/items/new|405|DELETE, GET, HEAD, OPTIONS, POST",
        "GET|/live|426|"
      })
  void admit_refusesWhatItDoesNotKnow(String method, String path, int status, String allow) {
    assertThat(router.admit(head(method, path)))
        .isInstanceOfSatisfying(
            Admission.Refuse.class,
            refuse -> {
              assertThat(refuse.error().status()).isEqualTo(status);
              assertThat(refuse.error().headers().first("allow").orElse(null)).isEqualTo(allow);
            });
  }

  @Test
  void admit_answersOptionsWithAllow() {
    assertThat(router.admit(head("OPTIONS", "/items")))
        .isInstanceOfSatisfying(
            Admission.Answer.class,
            answer ->
                assertThat(answer.response().headers().first("allow"))
                    .hasValue("GET, HEAD, OPTIONS, POST"));
    assertThat(router.admit(head("OPTIONS", "*"))).isInstanceOf(Admission.Answer.class);
  }

  @Test
  void admit_decodesParametersAfterTheSplit() {
    Admission.Handle one = (Admission.Handle) router.admit(head("GET", "/items/a%2Fb%20%C3%A9"));
    assertThat(one.pathParameters()).containsEntry("id", "a/b é");
    Admission.Handle rest = (Admission.Handle) router.admit(head("GET", "/files/a/b%20c"));
    assertThat(rest.pathParameters()).containsEntry("path", "a/b c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/items/%", "/items/%4", "/items/%zz", "/items/%ff", "/files/x/%c0%af"})
  void admit_refusesBrokenEscapes(String path) {
    assertThatThrownBy(() -> router.admit(head("GET", path)))
        .isInstanceOfSatisfying(
            HttpException.class,
            exception -> assertThat(exception.error().status()).isEqualTo(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"items", "/{a}/{a}", "/{}", "/{rest...}/x", "/a{b}", "/items/{other}"})
  void route_withABadOrTakenPatternIsRefused(String pattern) {
    Router.Builder builder = Router.builder().get("/items/{id}", none);
    assertThatThrownBy(() -> builder.get(pattern, none))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void route_forTraceIsRefused() {
    assertThatThrownBy(() -> Router.builder().route("TRACE", "/", none))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
