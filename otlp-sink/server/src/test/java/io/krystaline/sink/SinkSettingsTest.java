package io.krystaline.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.platform.config.Config;
import io.krystaline.platform.config.ConfigException;
import io.krystaline.platform.config.ConfigSources;
import io.krystaline.sink.detect.DetectionSetup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SinkSettingsTest {
  private static final String TOKEN = "a-token-of-enough-length";

  @Test
  void from_nothingSet_listensOnLoopbackWithTheDocumentedPorts() {
    ListenSettings listen = settings(Map.of()).listen();

    assertThat(listen.otlpHost()).isEqualTo("127.0.0.1");
    assertThat(listen.apiHost()).isEqualTo("127.0.0.1");
    assertThat(List.of(listen.otlpGrpcPort(), listen.otlpHttpPort(), listen.apiPort()))
        .containsExactly(4317, 4318, 8090);
    assertThat(listen.otlpToken()).isEmpty();
  }

  @Test
  void from_detection_isTheBudgetAndFewLimits() {
    DetectionSetup defaults = settings(Map.of()).detection();
    assertThat(defaults).isEqualTo(DetectionSetup.DEFAULTS);
    assertThat(defaults.detection().falseIncidentsPerDay()).isEqualTo(1);
    assertThat(defaults.incidents().withholdMax()).isEqualTo(Duration.ofHours(24));

    DetectionSetup given =
        settings(
                Map.of(
                    "detection.false-incidents-per-day", "0.1",
                    "detection.slack", "10s",
                    "detection.withhold-max", "2h"))
            .detection();
    assertThat(given.detection().falseIncidentsPerDay()).isEqualTo(0.1);
    assertThat(given.assembly().slack()).isEqualTo(Duration.ofSeconds(10));
    assertThat(given.incidents().withholdMax()).isEqualTo(Duration.ofHours(2));
    assertThatThrownBy(() -> settings(Map.of("detection.false-incidents-per-day", "0")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("detection.false-incidents-per-day");
  }

  @Test
  void from_offLoopbackWithoutToken_isRefused() {
    assertThatThrownBy(() -> settings(Map.of("receive.host", "0.0.0.0", "insecure", "true")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("receive.token");
    assertThatThrownBy(() -> settings(Map.of("api.host", "0.0.0.0", "insecure", "true")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("api.token");
  }

  @Test
  void from_offLoopbackWithoutTls_needsTheWordInsecure() {
    Map<String, String> plain = Map.of("receive.host", "0.0.0.0", "receive.token", TOKEN);
    assertThatThrownBy(() -> settings(plain))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tls.certificate");

    Map<String, String> insecure =
        Map.of("receive.host", "0.0.0.0", "receive.token", TOKEN, "insecure", "true");
    assertThat(settings(insecure).listen().otlpHost()).isEqualTo("0.0.0.0");
  }

  @Test
  void from_halfOfTls_isRefused() {
    assertThatThrownBy(() -> settings(Map.of("tls.key", "key.pem")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tls.certificate and tls.key");
  }

  @Test
  void from_unknownKeyAndBadValue_areNamed() {
    assertThatThrownBy(() -> settings(Map.of("api.prot", "1")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("api.prot");
    assertThatThrownBy(() -> settings(Map.of("api.port", "many")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("api.port")
        .hasMessageContaining("many");
    assertThatThrownBy(() -> settings(Map.of("baselines.zone", "Nowhere/Land")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("baselines.zone");
    assertThatThrownBy(() -> settings(Map.of("baselines.sev5-percentile", "99.95")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("percentiles");
  }

  @Test
  void curl_ofTheFirstSpan_isOneLine() {
    assertThat(FirstSpan.curl("http://127.0.0.1:4318", 1_795_262_399_050L))
        .startsWith("curl -sS http://127.0.0.1:4318/v1/traces")
        .contains("\"startTimeUnixNano\":\"1795262399008000000\"")
        .contains("\"endTimeUnixNano\":\"1795262399050000000\"")
        .doesNotContain("\n");
  }

  private static SinkSettings settings(Map<String, String> overrides) {
    Config config = Config.of(ConfigSources.ofOverrides(overrides));
    SinkSettings settings = SinkSettings.from(config);
    config.refuseUnknown();
    return settings;
  }
}
