package io.krystaline.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  @Test
  void query_isDecodedWithSeveralValues() {
    QueryParameters query = QueryParameters.parse("a=1&b=x+y%26z&&a=2&flag&e=");
    assertThat(query.all("a")).containsExactly("1", "2");
    assertThat(query.first("b")).hasValue("x y&z");
    assertThat(query.first("flag")).hasValue("");
    assertThat(query.first("e")).hasValue("");
    assertThat(query.first("none")).isEmpty();
    assertThat(query.names()).containsExactlyInAnyOrder("a", "b", "flag", "e");
    assertThat(QueryParameters.parse("").names()).isEmpty();
  }

  @Test
  void query_withTooManyParametersIsRefused() {
    assertThat(QueryParameters.parse("a&".repeat(256)).all("a")).hasSize(256);
    assertThatThrownBy(() -> QueryParameters.parse("a&".repeat(257)))
        .isInstanceOf(HttpException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%f", "%zz=1", "a=%ff", "a=%ed%a0%80"})
  void query_withABrokenEscapeIsRefused(String query) {
    assertThatThrownBy(() -> QueryParameters.parse(query)).isInstanceOf(HttpException.class);
  }

  @Test
  void headers_areFoundInAnyCase() {
    HttpHeaders headers = HttpHeaders.of("Accept", "a", "X-Y", "1, Two ,3", "x-y", "four");
    assertThat(headers.first("accept")).hasValue("a");
    assertThat(headers.all("X-y")).containsExactly("1, Two ,3", "four");
    assertThat(headers.containsToken("x-y", "two")).isTrue();
    assertThat(headers.containsToken("x-y", "FOUR")).isTrue();
    assertThat(headers.containsToken("x-y", "tw")).isFalse();
    assertThat(headers.with("X-Y", "5").all("x-y")).containsExactly("5");
    assertThat(headers.without("x-y").size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nSet-Cookie: x", "a\nb", "a\0b", "\u2713"})
  void headers_refuseInjection(String value) {
    assertThatThrownBy(() -> HttpHeaders.of("location", value))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HttpHeaders.of("bad name" + value, "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void settings_refuseWhatIsOutOfRange() {
    HttpServerSettings.Builder builder = HttpServerSettings.defaults().copy();
    assertThatThrownBy(() -> builder.port(65_536).build())
        .hasMessage("port is not in 0..65535: 65536");
    builder.port(0);
    assertThatThrownBy(() -> builder.idleTimeout(Duration.ZERO).build())
        .hasMessage("idleTimeout is not positive: PT0S");
    builder.idleTimeout(Duration.ofSeconds(1));
    assertThatThrownBy(() -> builder.bodyBytesMax(-1).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void cors_forAllWithCredentialsIsRefused() {
    assertThatThrownBy(() -> new CorsPolicy(Set.of("*"), Set.of(), true, Duration.ofMinutes(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void token_thatIsShortIsRefused() {
    assertThatThrownBy(() -> new BearerToken("short", Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void response_refusesAStatusThatIsNotFinal() {
    assertThatThrownBy(() -> HttpResponse.of(100)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new HttpError(200, "fine"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void staticNames_thatLeaveTheFolderAreNotSafe() {
    assertThat(StaticFiles.isSafe("a/b.js")).isTrue();
    for (String name :
        new String[] {"../a", "a/../../b", ".env", "a//b", "a\\b", "C:x", "a\0b", "", "a/."}) {
      assertThat(StaticFiles.isSafe(name)).as(name).isFalse();
    }
  }

  @Test
  void target_inAbsoluteFormLosesSchemeAndAuthority() {
    assertThat(Http1Heads.pathAndQuery("http://h:1/a?b", "GET")).isEqualTo("/a?b");
    assertThat(Http1Heads.pathAndQuery("HTTPS://h", "GET")).isEqualTo("/");
    assertThat(Http1Heads.pathAndQuery("http://h?q=/", "GET")).isEqualTo("/?q=/");
    assertThat(Http1Heads.pathAndQuery("*", "OPTIONS")).isEqualTo("*");
    assertThatThrownBy(() -> Http1Heads.pathAndQuery("*", "GET")).isInstanceOf(HttpException.class);
    assertThatThrownBy(() -> Http1Heads.pathAndQuery("/a#b", "GET"))
        .isInstanceOf(HttpException.class);
  }
}
