package io.krystaline.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.config.Config;
import io.krystaline.platform.config.ConfigException;
import io.krystaline.platform.config.ConfigSources;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifySettingsTest {
  @TempDir private Path folder;

  private static NotifySettings read(Config config) {
    NotifySettings settings = NotifySettings.from(config.section("notify"));
    config.refuseUnknown();
    return settings;
  }

  private static NotifySettings of(String... pairs) {
    return read(config(pairs));
  }

  private static Config config(String... pairs) {
    Map<String, String> settings = new LinkedHashMap<>();
    Arrays.stream(pairs)
        .map(pair -> pair.split("=", 2))
        .forEach(pair -> settings.put("notify." + pair[0], pair[1]));
    return Config.of(ConfigSources.ofOverrides(settings));
  }

  @Test
  void from_nothingSet_hasNoChannels() {
    NotifySettings settings = of();
    assertThat(settings.channels()).isEmpty();
    assertThat(settings.groupWait()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings).isEqualTo(NotifySettings.of(List.of()));
  }

  @Test
  void from_file_readsEveryType() throws IOException {
    Path template = Files.writeString(folder.resolve("body.json"), "{\"t\": \"{{change}}\"}");
    Path file =
        Files.writeString(
            folder.resolve("sink.yaml"),
            """
            notify:
              channels: [hook, chat, pager, prom, mail]
              group-by: use-case
              group-wait: 1m
              link: https://sink.example/incidents/{id}
              channel:
                hook: {url: "https://hook.example/x", secret: s3cret, template: %s, timeout: 3s}
                chat: {type: slack, url: "https://chat.example/T/B/x", severity-min: 2}
                pager: {type: pagerduty, routing-key: R0, priority-min: p0, urgent-per-minute: 5}
                prom: {type: alertmanager, url: "http://127.0.0.1:9093", remind-interval: 30s}
                mail:
                  type: mail
                  host: mail.example
                  port: 465
                  tls: tls
                  user: sink
                  password: hunter2
                  from: "Krystaline <sink@example.org>"
                  to: [a@example.org, b@example.org]
            """
                .formatted(template));
    Config config = Config.of(new ConfigSources(file, Map.of(), Map.of(), Map.of()));
    NotifySettings settings = read(config);
    assertThat(settings.groupBy()).isEqualTo(NotifySettings.GroupBy.USE_CASE);
    assertThat(settings.link()).contains("https://sink.example/incidents/{id}");
    assertThat(settings.channels())
        .extracting(ChannelSettings::name)
        .containsExactly("hook", "chat", "pager", "prom", "mail");
    ChannelSettings hook = settings.channels().getFirst();
    assertThat(hook.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(hook.target())
        .isInstanceOfSatisfying(
            ChannelTarget.Webhook.class,
            target -> {
              assertThat(target.secret()).contains("s3cret");
              assertThat(target.template()).isPresent();
            });
    assertThat(settings.channels().get(1).severityMin()).isEqualTo(Severity.MAJOR);
    assertThat(settings.channels().get(2).priorityMin()).isEqualTo(Priority.P0);
    assertThat(settings.channels().get(2).target())
        .isInstanceOfSatisfying(
            ChannelTarget.PagerDuty.class,
            target ->
                assertThat(target.url())
                    .isEqualTo(URI.create("https://events.pagerduty.com/v2/enqueue")));
    assertThat(settings.channels().get(4).target())
        .isInstanceOfSatisfying(
            ChannelTarget.Mail.class, target -> assertThat(target.to()).hasSize(2));
    // Neither in what is listed nor in what is logged.
    assertThat(config.settings().toString() + settings.channels())
        .doesNotContain("s3cret")
        .doesNotContain("hunter2")
        .doesNotContain("R0,")
        .doesNotContain("/T/B/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "channels=a|channel.a.type=webhook",
        "channels=a|channel.a.url=ftp://x/SECRET",
        "channels=a|channel.a.url=no address SECRET",
        "channels=a|channel.a.type=pagerduty",
        "channels=a|channel.a.type=mail|channel.a.host=h|channel.a.from=a@b.c",
        "channels=a|channel.a.type=mail|channel.a.host=h|channel.a.from=a@b.c|channel.a.to=d@e.f"
            + "|channel.a.user=u",
        "channels=a|channel.a.type=mail|channel.a.host=h|channel.a.from=a@b.c|channel.a.to=d@e.f"
            + "|channel.a.user=u|channel.a.password=SECRET|channel.a.tls=none",
        "channels=a|channel.a.url=http://x|channel.a.template=/does/not/exist",
        "channels=a|channel.a.url=http://x|channel.a.priority-min=p7",
        "channels=a|channel.a.url=http://x|channel.a.host=not-of-a-webhook",
        "channels=a,a|channel.a.url=http://x",
        "channels=A",
        "channels=a b",
        "channel.a.url=http://x",
        "link=http://x/without-the-id",
        "group-wait=2h",
        "channels=a1,a2,a3,a4,a5,a6,a7,a8,a9,b1,b2,b3,b4,b5,b6,b7,b8,b9,c1,c2,c3",
      })
  void from_whatDoesNotFit_isRefusedWithoutItsSecrets(String pairs) {
    assertThatThrownBy(() -> of(pairs.split("\\|", -1)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("notify")
        .message()
        .doesNotContain("SECRET");
  }
}
