package io.krystaline.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Priority;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.notify.ReceivingPeer.Answer;
import io.krystaline.sink.notify.ReceivingPeer.Request;
import io.krystaline.sink.store.NotificationChange;
import io.krystaline.sink.view.IncidentView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The couriers over HTTP against a real server, their bodies against the documented shapes. */
class CourierTest {
  private static final ObjectMapper MAPPER = StrictJson.mapper();
  private static final Instant NOW = Instant.parse("2026-11-21T12:05:00Z");
  private static final Incident OPEN = Incidents.open("00000000000000aa", Priority.P0);

  private final ReceivingPeer peer = new ReceivingPeer();

  @AfterEach
  void close() {
    peer.close();
  }

  private static Courier courier(ChannelTarget target, Duration timeout) {
    ChannelSettings defaults = ChannelSettings.of("ops", target);
    ChannelSettings channel =
        new ChannelSettings(
            "ops",
            target,
            defaults.severityMin(),
            defaults.priorityMin(),
            defaults.perMinute(),
            defaults.burst(),
            defaults.urgentPerMinute(),
            timeout);
    NotifySettings without = NotifySettings.of(List.of(channel));
    NotifySettings settings =
        new NotifySettings(
            without.channels(),
            without.groupBy(),
            without.groupWait(),
            without.batchMax(),
            Optional.of("https://sink.example/incidents/{id}"),
            without.backoff(),
            without.attemptsMax(),
            without.ageMax(),
            without.pendingMax(),
            without.changesMax(),
            without.pollInterval(),
            without.keep());
    return Couriers.of(channel, settings, MAPPER, () -> NOW);
  }

  private static Courier courier(ChannelTarget target) {
    return courier(target, Duration.ofSeconds(10));
  }

  private ChannelTarget webhook(Optional<WebhookTemplate> template) {
    return new ChannelTarget.Webhook(
        peer.url("/hook"),
        Optional.of("a secret"),
        Optional.of("token"),
        template,
        Optional.empty());
  }

  private static Message message(NotificationChange change, Incident... incidents) {
    return new Message(
        "key-1",
        List.of(incidents).stream()
            .map(incident -> new Notice(change, IncidentView.of(incident), null))
            .toList());
  }

  private static Message opened() {
    return message(NotificationChange.OPENED, OPEN);
  }

  private static JsonNode json(Request request) throws IOException {
    return MAPPER.readTree(request.body());
  }

  @Test
  void webhook_defaultBody_isTheDocumentedOne() throws Exception {
    try (Courier courier = courier(webhook(Optional.empty()))) {
      Incident other = Incidents.open("00000000000000bb", Priority.P1);
      assertThat(courier.takesSeveral()).isTrue();
      assertThat(courier.deliver(message(NotificationChange.OPENED, OPEN, other)))
          .isEqualTo(new Delivery.Delivered());
    }
    Request request = peer.next();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.headers())
        .containsEntry("Content-Type", "application/json")
        .containsEntry("Idempotency-Key", "key-1")
        .containsEntry("Authorization", "Bearer token");
    JsonNode body = json(request);
    assertThat(body.path("version").asInt()).isEqualTo(1);
    assertThat(body.path("key").asText()).isEqualTo("key-1");
    assertThat(body.path("channel").asText()).isEqualTo("ops");
    assertThat(body.path("sentAt").asText()).isEqualTo("2026-11-21T12:05:00Z");
    assertThat(body.path("notices")).hasSize(2);
    JsonNode first = body.path("notices").path(0);
    assertThat(first.path("change").asText()).isEqualTo("opened");
    assertThat(first.path("link").asText())
        .isEqualTo("https://sink.example/incidents/00000000000000aa");
    assertThat(MAPPER.treeToValue(first.path("incident"), IncidentView.class))
        .isEqualTo(IncidentView.of(OPEN));
  }

  @Test
  void webhook_signature_canBeVerifiedAsDocumented() throws Exception {
    try (Courier courier = courier(webhook(Optional.empty()))) {
      courier.deliver(opened());
    }
    Request request = peer.next();
    String header = Objects.requireNonNull(request.headers().get("Krystaline-Signature"));
    assertThat(header).matches("t=1795262700,v1=[0-9a-f]{64}");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("a secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    mac.update("1795262700.".getBytes(StandardCharsets.UTF_8));
    assertThat(header.substring(header.indexOf("v1=") + 3))
        .isEqualTo(HexFormat.of().formatHex(mac.doFinal(request.bytes())));
  }

  @Test
  void signature_knownInput_knownOutput() {
    // From: printf '1795262400.{}' | openssl dgst -sha256 -hmac key
    assertThat(
            WebhookSignature.of(
                "{}".getBytes(StandardCharsets.UTF_8), "key", Instant.ofEpochSecond(1_795_262_400)))
        .isEqualTo(
            "t=1795262400,v1=d64e8f9bc6de55c1ab8899ce0bdef8482ab85817eb20d9a79907e9d0ca1e52c8");
  }

  @Test
  void webhook_template_isFilledInAndEscaped() throws Exception {
    WebhookTemplate template =
        WebhookTemplate.parse(
            """
            {"msg": "{{change}}: {{ incident.title }}", "who": "{{incident.suspects.0.service}}",
             "sev": {{json incident.severity}}, "list": {{json incident.services}},
             "none": "{{incident.suspects.7.service}}", "end": {{json incident.end}},
             "id": "{{key}}/{{channel}}", "at": "{{link}}"}
            """);
    try (Courier courier = courier(webhook(Optional.of(template)))) {
      assertThat(courier.takesSeveral()).isFalse();
      courier.deliver(opened());
    }
    assertThat(json(peer.next()))
        .isEqualTo(
            MAPPER.readTree(
                """
                {"msg": "opened: shop fails <often> & \\"late\\"\\nX-Evil: 1", "who": "shop",
                 "sev": 2, "list": ["shop", "web"], "none": "", "end": null,
                 "id": "key-1/ops", "at": "https://sink.example/incidents/00000000000000aa"}
                """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": {{incident.title}}}",
        "{\"a\": \"{{title}}\"}",
        "{\"a\": \"{{incident.title}\"}",
        "{\"a\": \"{{}}\"}",
        "no json",
        "",
      })
  void template_thatCannotWork_isRefused(String text) {
    assertThatThrownBy(() -> WebhookTemplate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("template");
  }

  @Test
  void slack_message_isTheDocumentedShape() throws Exception {
    try (Courier courier =
        courier(new ChannelTarget.Slack(peer.url("/services/T0/B0/x"), Optional.empty()))) {
      assertThat(courier.deliver(opened())).isEqualTo(new Delivery.Delivered());
    }
    Request request = peer.next();
    assertThat(request.path()).isEqualTo("/services/T0/B0/x");
    String line = "[P0 SEV2] opened: shop fails &lt;often&gt; &amp; \\\"late\\\" X-Evil: 1";
    assertThat(json(request))
        .isEqualTo(
            MAPPER.readTree(
                """
                {"text": "%1$s",
                 "blocks": [
                  {"type": "section", "text": {"type": "mrkdwn", "text":
                   ":rotating_light: *%1$s* <https://sink.example/incidents/00000000000000aa|open>"}},
                  {"type": "section", "text": {"type": "mrkdwn", "text": "%2$s"}}]}
                """
                    .formatted(
                        line,
                        "Use case: payment provider down\\n"
                            + "Suspects: shop POST /pay (75 %)\\n"
                            + "Services: shop, web\\n"
                            + "Since: 2026-11-21T12:00:00Z\\n"
                            + "Evidence: shop: 40 of 100 fail\\n"
                            + "In common: cloud.region=eu-1 (9 of 10, else 1 of 10)\\n"
                            + "Error: shop: IOException: no &lt;route&gt; (40)\\n"
                            + "Traces: 5b8efff798038103d269b633813fc60c")));
  }

  @Test
  void slack_manyIncidents_staysWithinSlacksLimits() throws Exception {
    Incident[] many = new Incident[20];
    for (int i = 0; i < many.length; i++) {
      many[i] = Incidents.open("%016x".formatted(i), Priority.P1);
    }
    try (Courier courier = courier(new ChannelTarget.Slack(peer.url("/hook"), Optional.empty()))) {
      courier.deliver(message(NotificationChange.OPENED, many));
      courier.deliver(message(NotificationChange.RESOLVED, Incidents.closed(OPEN)));
    }
    JsonNode body = json(peer.next());
    assertThat(body.path("blocks").size()).isEqualTo(40).isLessThanOrEqualTo(50);
    assertThat(body.path("text").asText()).startsWith("20 incidents, the first: [P1 SEV2]");
    for (JsonNode block : body.path("blocks")) {
      assertThat(block.path("text").path("text").asText().length()).isBetween(1, 3_000);
    }
    JsonNode resolved = json(peer.next());
    assertThat(resolved.path("blocks")).hasSize(1);
    assertThat(resolved.path("text").asText()).startsWith("[P0 SEV2] resolved: ");
  }

  @Test
  void pagerDuty_triggerAndResolve_areTheDocumentedShape() throws Exception {
    try (Courier courier =
        courier(
            new ChannelTarget.PagerDuty(
                peer.url("/v2/enqueue"), "R0123456789", Optional.empty()))) {
      assertThat(courier.takesSeveral()).isFalse();
      peer.answer(Answer.of(202), Answer.of(202));
      assertThat(courier.deliver(opened())).isEqualTo(new Delivery.Delivered());
      courier.deliver(message(NotificationChange.RESOLVED, Incidents.closed(OPEN)));
    }
    JsonNode trigger = json(peer.next());
    String facts = trigger.at("/payload/custom_details/facts").asText();
    assertThat(facts).contains("Suspects: shop POST /pay (75 %)");
    assertThat(trigger)
        .isEqualTo(
            MAPPER.readTree(
                """
                {"routing_key": "R0123456789", "event_action": "trigger",
                 "dedup_key": "krystaline-00000000000000aa", "client": "Krystaline",
                 "client_url": "https://sink.example/incidents/00000000000000aa",
                 "links": [{"href": "https://sink.example/incidents/00000000000000aa",
                            "text": "Incident"}],
                 "payload": {
                  "summary": "[P0 SEV2] opened: shop fails <often> & \\"late\\" X-Evil: 1",
                  "source": "shop", "severity": "error", "timestamp": "2026-11-21T12:00:00Z",
                  "group": "payment provider down", "class": "errors",
                  "custom_details": {"incident": "00000000000000aa", "priority": "P0",
                                     "facts": %s}}}
                """
                    .formatted(MAPPER.writeValueAsString(facts))));
    assertThat(json(peer.next()))
        .isEqualTo(
            MAPPER.readTree(
                """
                {"routing_key": "R0123456789", "event_action": "resolve",
                 "dedup_key": "krystaline-00000000000000aa"}
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "200, Delivered",
    "204, Delivered",
    "400, Refused",
    "401, Failed",
    "404, Failed",
    "410, Refused",
    "413, Refused",
    "422, Refused",
    "429, Failed",
    "500, Failed",
    "503, Failed",
    "302, Refused",
    "308, Refused"
  })
  void deliver_answers_meanWhatTheyMean(int status, String meaning) {
    Answer answer = Answer.of(status).with("Location", "http://127.0.0.1:1/elsewhere");
    peer.answer(status == 204 ? new Answer(204, answer.headers(), "") : answer);
    try (Courier courier = courier(webhook(Optional.empty()))) {
      assertThat(courier.deliver(opened()).getClass().getSimpleName()).isEqualTo(meaning);
    }
    peer.next();
    assertThat(peer.waiting()).isZero();
  }

  @Test
  void deliver_retryAfter_isRead() {
    peer.answer(
        Answer.of(429).with("Retry-After", "17"),
        Answer.of(503).with("Retry-After", "Sat, 21 Nov 2026 12:06:00 GMT"),
        Answer.of(503).with("Retry-After", "soon"),
        Answer.of(503).with("Retry-After", "Sat, 21 Nov 2020 12:06:00 GMT"),
        Answer.of(503).with("Retry-After", "999999999"));
    try (Courier courier = courier(webhook(Optional.empty()))) {
      List<Optional<Duration>> asked =
          java.util.stream.IntStream.range(0, 5)
              .mapToObj(_ -> ((Delivery.Failed) courier.deliver(opened())).retryAfter())
              .toList();
      assertThat(asked)
          .containsExactly(
              Optional.of(Duration.ofSeconds(17)),
              Optional.of(Duration.ofMinutes(1)),
              Optional.empty(),
              Optional.empty(),
              Optional.of(Duration.ofHours(1)));
    }
  }

  @Test
  void deliver_hugeAnswer_isNotRead() {
    peer.answer(new Answer(500, java.util.Map.of(), "x".repeat(5_000_000)));
    try (Courier courier = courier(webhook(Optional.empty()))) {
      assertThat(courier.deliver(opened()))
          .isInstanceOfSatisfying(
              Delivery.Failed.class, failed -> assertThat(failed.reason()).hasSizeLessThan(400));
    }
  }

  @Test
  void deliver_nobodyThere_failsWithoutTheSecretPath() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    ChannelTarget target =
        new ChannelTarget.Slack(
            URI.create("http://127.0.0.1:" + port + "/services/SECRET"), Optional.empty());
    assertThat(target.toString()).doesNotContain("SECRET");
    try (Courier courier = courier(target)) {
      assertThat(courier.deliver(opened()))
          .isInstanceOfSatisfying(
              Delivery.Failed.class,
              failed ->
                  assertThat(failed.reason())
                      .contains("127.0.0.1:" + port)
                      .doesNotContain("SECRET"));
    }
  }

  @Test
  void deliver_receiverThatNeverEndsItsAnswer_failsAfterTheTimeout() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread acceptor =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Socket socket = silent.accept()) {
                      socket
                          .getOutputStream()
                          .write(
                              "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"
                                  .getBytes(StandardCharsets.US_ASCII));
                      assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      ChannelTarget target =
          new ChannelTarget.Slack(
              URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/"), Optional.empty());
      try (Courier courier = courier(target, Duration.ofMillis(300))) {
        assertThat(courier.deliver(opened())).isInstanceOf(Delivery.Failed.class);
      }
      assertThat(acceptor.join(Duration.ofSeconds(10))).isTrue();
    }
  }
}
