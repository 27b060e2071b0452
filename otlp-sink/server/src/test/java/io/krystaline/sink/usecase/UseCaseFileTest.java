package io.krystaline.sink.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.Contrast;
import io.krystaline.engine.incident.ErrorFingerprint;
import io.krystaline.engine.incident.IncidentFacts;
import io.krystaline.engine.incident.IncidentKind;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.incident.Suspect;
import io.krystaline.engine.incident.UseCase;
import io.krystaline.engine.incident.UseCaseRules;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.config.Config;
import io.krystaline.platform.config.ConfigException;
import io.krystaline.platform.config.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UseCaseFileTest {
  private static final UseCaseRules DEFAULTS = UseCaseFile.defaults();

  @TempDir private Path folder;

  /** What was seen, with one suspect named {@code backend}; the test changes what it is about. */
  private static final class Seen {
    private final IncidentKind kind;
    private final SpanKind spanKind;
    private String service = "backend";
    private String operation = "work";
    private int services = 1;
    private boolean edge;
    private final Map<String, Set<String>> attributes = new LinkedHashMap<>();
    private List<ErrorFingerprint> errors = List.of();
    private List<Contrast> contrasts = List.of();

    Seen(IncidentKind kind, SpanKind spanKind) {
      this.kind = kind;
      this.spanKind = spanKind;
    }

    Seen service(String name) {
      service = name;
      return this;
    }

    Seen operation(String name) {
      operation = name;
      return this;
    }

    Seen services(int count) {
      services = count;
      return this;
    }

    Seen atEdge() {
      edge = true;
      return this;
    }

    Seen with(String attribute, String... values) {
      attributes.put(attribute, Set.of(values));
      return this;
    }

    Seen failing(String type, String message) {
      errors = List.of(new ErrorFingerprint("0", service, type, message, 5, ""));
      return this;
    }

    Seen apart(String attribute, String value) {
      contrasts = List.of(new Contrast(attribute, value, 9, 10, 0, 10, 1e-4));
      return this;
    }

    UseCase useCase() {
      List<String> all =
          IntStream.range(0, services).mapToObj(i -> i == 0 ? service : "s" + i).toList();
      return DEFAULTS.classify(
          new IncidentFacts(
              kind,
              Set.of(Channel.SELF_TIME),
              all,
              List.of(new Suspect(service, operation, null, 0.9)),
              List.of(new OperationKey(service, operation, spanKind)),
              errors,
              contrasts,
              attributes,
              edge));
    }
  }

  private static UseCase of(String name, Priority priority) {
    return new UseCase(name, priority);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "javax.net.ssl.SSLHandshakeException|PKIX path validation failed",
        "java.security.cert.CertificateExpiredException|NotAfter: *",
        "Error|certificate has expired",
        "tls.CertificateVerificationError|x509: certificate has expired or is not yet valid:"
            + " current time * is after *",
        "CERT_HAS_EXPIRED|",
        "ssl.SSLCertVerificationError|[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed",
        "System.Security.Authentication.AuthenticationException|The remote certificate is invalid"
            + " because of errors in the certificate chain: NotTimeValid",
      })
  void defaults_certificateErrors_areP0(String type, String message) {
    assertThat(
            new Seen(IncidentKind.ERRORS, SpanKind.CLIENT)
                .with("server.address", "api.stripe.com")
                .failing(type, message == null ? "" : message)
                .useCase())
        .isEqualTo(of("TLS certificate expired or invalid", Priority.P0));
  }

  @Test
  void defaults_paymentProviderFails_isP0() {
    UseCase down = of("payment provider down", Priority.P0);
    assertThat(
            new Seen(IncidentKind.ERRORS, SpanKind.CLIENT)
                .with("server.address", "api.stripe.com")
                .failing("java.net.ConnectException", "Connection refused")
                .useCase())
        .isEqualTo(down);
    assertThat(
            new Seen(IncidentKind.ERRORS, SpanKind.SERVER)
                .with("rpc.service", "oteldemo.PaymentService")
                .failing("Error", "Could not process the charge")
                .useCase())
        .isEqualTo(down);
    assertThat(
            new Seen(IncidentKind.LATENCY, SpanKind.CLIENT)
                .with("url.full", "https://psp.example/v1")
                .with("error.type", "timeout")
                .useCase())
        .isEqualTo(down);
  }

  @Test
  void defaults_paymentsTableIsSlow_isTheDatabase() {
    assertThat(
            new Seen(IncidentKind.LATENCY, SpanKind.CLIENT)
                .with("server.address", "payment-db")
                .with("db.system.name", "postgresql")
                .failing("X", "y")
                .useCase())
        .isEqualTo(of("database slow or pool exhausted", Priority.P2));
  }

  @Test
  void defaults_surgeAtTheEdge_isDenialOfService() {
    UseCase attack = of("denial of service at the gateway", Priority.P0);
    assertThat(
            new Seen(IncidentKind.SURGE, SpanKind.SERVER)
                .with("http.request.method", "GET")
                .atEdge()
                .useCase())
        .isEqualTo(attack);
    assertThat(
            new Seen(IncidentKind.SURGE, SpanKind.SERVER)
                .service("api-gateway")
                .with("http.route", "/api/orders")
                .useCase())
        .isEqualTo(attack);
    assertThat(
            new Seen(IncidentKind.SURGE, SpanKind.SERVER)
                .with("http.route", "/api/orders")
                .useCase())
        .isEqualTo(UseCase.OTHER);
    assertThat(
            new Seen(IncidentKind.SURGE, SpanKind.CONSUMER).service("gateway").atEdge().useCase())
        .isEqualTo(UseCase.OTHER);
  }

  @Test
  void defaults_authenticationFails_isP0() {
    UseCase down = of("authentication down", Priority.P0);
    assertThat(
            new Seen(IncidentKind.ERRORS, SpanKind.SERVER)
                .with("http.route", "/api/login")
                .useCase())
        .isEqualTo(down);
    assertThat(
            new Seen(IncidentKind.ERRORS, SpanKind.SERVER)
                .failing("io.jsonwebtoken.JwtException", "no key")
                .useCase())
        .isEqualTo(down);
    assertThat(
            new Seen(IncidentKind.ERRORS, SpanKind.CLIENT)
                .apart("rpc.response.status_code", "UNAUTHENTICATED")
                .useCase())
        .isEqualTo(down);
    assertThat(
            new Seen(IncidentKind.LATENCY, SpanKind.SERVER)
                .with("http.route", "/api/login")
                .useCase())
        .isEqualTo(UseCase.OTHER);
    assertThat(
            new Seen(IncidentKind.ERRORS, SpanKind.SERVER)
                .with("http.route", "/authors/{id}")
                .useCase())
        .isEqualTo(UseCase.OTHER);
  }

  @Test
  void defaults_matchingEngine_isP1BeforeItsQueue() {
    UseCase matching = of("matching engine slow or silent", Priority.P1);
    assertThat(
            new Seen(IncidentKind.QUEUE, SpanKind.CONSUMER)
                .operation("order.match")
                .with("messaging.system", "rabbitmq")
                .useCase())
        .isEqualTo(matching);
    assertThat(new Seen(IncidentKind.SILENCE, SpanKind.CONSUMER).service("order-matcher").useCase())
        .isEqualTo(matching);
    assertThat(new Seen(IncidentKind.SURGE, SpanKind.CONSUMER).service("order-matcher").useCase())
        .isEqualTo(UseCase.OTHER);
  }

  @Test
  void defaults_queue_isBacklog() {
    UseCase backlog = of("queue backlog", Priority.P1);
    assertThat(new Seen(IncidentKind.QUEUE, SpanKind.CONSUMER).useCase()).isEqualTo(backlog);
    assertThat(
            new Seen(IncidentKind.LATENCY, SpanKind.CONSUMER)
                .with("messaging.system", "kafka")
                .useCase())
        .isEqualTo(backlog);
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com, third-party timeout",
    "maps.example.co.uk:443, third-party timeout",
    "cart, anything else",
    "cart.shop.svc.cluster.local, anything else",
    "10.0.0.7, anything else",
    "db.internal, anything else",
  })
  void defaults_slowCallOut_isThirdPartyWhereTheHostIsPublic(String host, String expected) {
    assertThat(
            new Seen(IncidentKind.LATENCY, SpanKind.CLIENT)
                .with("server.address", host)
                .with("http.request.method", "GET")
                .useCase()
                .name())
        .isEqualTo(expected);
  }

  @Test
  void defaults_manyServices_isTheCloud() {
    UseCase cloud = of("cloud or network degradation", Priority.P1);
    assertThat(new Seen(IncidentKind.NETWORK, SpanKind.SERVER).services(3).useCase())
        .isEqualTo(cloud);
    assertThat(new Seen(IncidentKind.NETWORK, SpanKind.SERVER).services(2).useCase())
        .isEqualTo(UseCase.OTHER);
    assertThat(new Seen(IncidentKind.LATENCY, SpanKind.SERVER).services(6).useCase())
        .isEqualTo(cloud);
    assertThat(
            new Seen(IncidentKind.LATENCY, SpanKind.SERVER)
                .services(2)
                .apart("cloud.availability_zone", "eu-west-1a")
                .useCase())
        .isEqualTo(cloud);
  }

  @Test
  void defaults_database_isP2() {
    UseCase database = of("database slow or pool exhausted", Priority.P2);
    assertThat(
            new Seen(IncidentKind.LATENCY, SpanKind.CLIENT)
                .with("db.system.name", "postgresql")
                .useCase())
        .isEqualTo(database);
    assertThat(
            new Seen(IncidentKind.ERRORS, SpanKind.SERVER)
                .failing(
                    "java.sql.SQLTransientConnectionException",
                    "HikariPool-* - Connection is not available, request timed out after *ms.")
                .useCase())
        .isEqualTo(database);
  }

  @ParameterizedTest
  @ValueSource(strings = {"payment", "auth-service", "matching-engine", "postgres", "queue"})
  void defaults_nameAlone_decidesNothing(String service) {
    assertThat(new Seen(IncidentKind.STRUCTURE, SpanKind.CLIENT).service(service).useCase())
        .isEqualTo(UseCase.OTHER);
  }

  @Test
  void from_ownFile_replacesTheDefaults() throws IOException {
    Path file =
        write(
            """
            rules:
              - {name: slow shop, priority: p1, kinds: [latency], all: [{service: '^shop$'}]}
            """);
    UseCaseRules rules =
        UseCaseFile.from(
            Config.of(ConfigSources.ofOverrides(Map.of("use-cases.file", file.toString())))
                .section("use-cases"));
    assertThat(rules.rules()).hasSize(1);
    assertThat(rules.rules().getFirst().useCase()).isEqualTo(of("slow shop", Priority.P1));
    assertThat(
            UseCaseFile.from(Config.of(ConfigSources.ofOverrides(Map.of())).section("use-cases"))
                .rules())
        .hasSameSizeAs(DEFAULTS.rules());
  }

  @Test
  void read_nothing_hasNoRules() throws IOException {
    assertThat(UseCaseFile.read(write("rules: []\n")).rules()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rules: [{name: a, priority: P3, kinds: [latency]}]|rule 1 (a): 'P3' is none of p0, p1, p2",
        "rules: [{name: a, priority: P1, kinds: [latncy]}]|'latncy' is none of latency",
        "rules: [{name: a, priority: P1}]|asks for no evidence",
        "rules: [{name: a, priority: P1, all: [{service: x}]}]|asks for no evidence",
        "rules: [{name: a, kinds: [latency]}]|needs a name and a priority",
        "rules: [{name: a, priority: P1, any: [{error: '('}]}]|is no regular expression",
        "rules: [{name: a, priority: P1, any: [{}]}]|asks for nothing",
        "rules: [{name: a, priority: P1, any: [{value: x}]}]|need an attribute",
        "rules: [{name: a, priority: P1, kind: [latency]}]|kind",
        "rules: [{name: a, priority: P1, any: [{error: x, error-share: 2}]}]|a share is",
        "rules: {a: b}|line 1",
        "rules: [|line",
        "# nothing|line",
        "rules:|line 1",
      })
  void read_badRule_isNamed(String yaml, String message) throws IOException {
    Path file = write(yaml);
    assertThatThrownBy(() -> UseCaseFile.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void read_missingOrHugeFile_isRefused() throws IOException {
    assertThatThrownBy(() -> UseCaseFile.read(folder.resolve("none.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none.yaml");
    byte[] spaces = new byte[(1 << 20) + 1];
    Arrays.fill(spaces, (byte) ' ');
    Path file = folder.resolve("large.yaml");
    Files.write(file, spaces);
    assertThatThrownBy(() -> UseCaseFile.read(file)).isInstanceOf(ConfigException.class);
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("rules.yaml"), yaml);
  }
}
