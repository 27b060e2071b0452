package io.krystaline.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigTest {
  @TempDir Path folder;

  private enum Format {
    AUTO,
    PLAIN_TEXT
  }

  @Test
  void read_nothingSet_givesDefaults() {
    ConfigSection section = Config.of(ConfigSources.ofOverrides(Map.of())).section("a");

    assertThat(section.port("port", 4317)).isEqualTo(4317);
    assertThat(section.duration("wait", Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
    assertThat(section.bytes("size", "64MiB")).isEqualTo(67_108_864L);
    assertThat(section.text("name", "x")).isEqualTo("x");
    assertThat(section.flag("on", true)).isTrue();
    assertThat(section.integer("count", 3, 1, 5)).isEqualTo(3);
    assertThat(section.decimal("ratio", 0.5, 0, 1)).isEqualTo(0.5);
    assertThat(section.list("origins", List.of())).isEmpty();
    assertThat(section.choice("format", Format.AUTO)).isEqualTo(Format.AUTO);
    assertThat(section.path("data", Path.of("data"))).isEqualTo(Path.of("data"));
    assertThat(section.optionalPath("file")).isEmpty();
    assertThat(section.optionalText("url")).isEmpty();
    assertThat(section.secret("token")).isEmpty();
  }

  @Test
  void read_everyTypeFromFile() throws IOException {
    Config config =
        fromFile(
            """
            a:
              port: 0
              wait: 1h30m
              size: 10MB
              name: "x: y"
              on: false
              count: 1_000
              ratio: 1e-1
              origins: [ "http://a,b", http://c ]
              format: plain-text
              inner.deep:
                data: /tmp/x
              token: s3cret
            """);
    ConfigSection section = config.section("a");

    assertThat(section.port("port", 4317)).isZero();
    assertThat(section.duration("wait", Duration.ZERO)).isEqualTo(Duration.ofMinutes(90));
    assertThat(section.bytes("size", "1")).isEqualTo(10_000_000);
    assertThat(section.text("name", "x")).isEqualTo("x: y");
    assertThat(section.flag("on", true)).isFalse();
    assertThat(section.integer("count", 3, 1, 5000)).isEqualTo(1000);
    assertThat(section.decimal("ratio", 0.5, 0, 1)).isEqualTo(0.1);
    assertThat(section.list("origins", List.of())).containsExactly("http://a,b", "http://c");
    assertThat(section.choice("format", Format.AUTO)).isEqualTo(Format.PLAIN_TEXT);
    assertThat(section.section("inner").optionalPath("deep.data")).contains(Path.of("/tmp/x"));
    assertThat(section.secret("token")).isEqualTo(Optional.of("s3cret"));
    config.refuseUnknown();
  }

  @Test
  void read_strongerSourceHidesWeakerOne() throws IOException {
    Path file = file("a: {one: 1, two: 1, three: 1, four: 1}");
    Config config =
        Config.of(
            ConfigSources.of(
                file,
                Map.of(
                    "krystaline.a.two", "2", "krystaline.a.three", "2", "krystaline.a.four", "2"),
                Map.of("KRYSTALINE_A_THREE", "3", "KRYSTALINE_A_FOUR", "3", "KRYSTALINE_A_ONE", ""),
                Map.of("a.four", "4")));
    ConfigSection section = config.section("a");

    assertThat(section.integer("one", 0, 0, 9)).isEqualTo(1);
    assertThat(section.integer("two", 0, 0, 9)).isEqualTo(2);
    assertThat(section.integer("three", 0, 0, 9)).isEqualTo(3);
    assertThat(section.integer("four", 0, 0, 9)).isEqualTo(4);
    assertThat(config.settings())
        .extracting(Setting::key, Setting::source)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a.four", SettingSource.COMMAND_LINE),
            org.assertj.core.groups.Tuple.tuple("a.one", SettingSource.FILE),
            org.assertj.core.groups.Tuple.tuple("a.three", SettingSource.ENVIRONMENT),
            org.assertj.core.groups.Tuple.tuple("a.two", SettingSource.SYSTEM_PROPERTY));
    config.refuseUnknown();
  }

  @Test
  void read_badValue_namesKeyValueAndExpectation() {
    Config config =
        Config.of(
            ConfigSources.of(
                null,
                Map.of("krystaline.a.wait", "5 parsecs"),
                Map.of("KRYSTALINE_A_PORT", "99999"),
                Map.of("a.ratio", "NaN", "a.on", "yes", "a.format", "xml", "a.size", "0.1B")));
    ConfigSection section = config.section("a");

    assertThatThrownBy(() -> section.port("port", 1))
        .isInstanceOf(ConfigException.class)
        .hasMessage("KRYSTALINE_A_PORT (environment) is '99999', expected a port from 0 to 65535");
    assertThatThrownBy(() -> section.duration("wait", Duration.ZERO))
        .hasMessage(
            "krystaline.a.wait (system property) is '5 parsecs', expected a duration such as"
                + " 500ms, 5s or 30d");
    assertThatThrownBy(() -> section.decimal("ratio", 0, 0, 1))
        .hasMessage("a.ratio (command line) is 'NaN', expected a number from 0.0 to 1.0");
    assertThatThrownBy(() -> section.flag("on", true)).hasMessageContaining("true or false");
    assertThatThrownBy(() -> section.choice("format", Format.AUTO))
        .hasMessageContaining("'xml', expected one of auto, plain-text");
    assertThatThrownBy(() -> section.bytes("size", "1")).hasMessageContaining("'0.1B'");
  }

  @Test
  void read_keyWithoutValueOrWithList_isRefused() throws IOException {
    ConfigSection section = fromFile("a:\n  port: ~\n  name: [x]\n  size: {}\n").section("a");

    assertThatThrownBy(() -> section.port("port", 1))
        .hasMessageContaining("a.port (file) is no value");
    assertThatThrownBy(() -> section.text("name", "x"))
        .hasMessageContaining("a.name (file) is 'x'");
    assertThatThrownBy(() -> section.bytes("size", "1")).hasMessageContaining("no value");
  }

  @Test
  void read_defaultOutOfRangeOrDeclaredTwice_isAProgrammersError() {
    Config config = Config.of(ConfigSources.ofOverrides(Map.of()));
    ConfigSection section = config.section("a");
    section.integer("count", 1, 0, 5);

    assertThat(section.integer("count", 1, 0, 5)).isEqualTo(1);
    assertThatThrownBy(() -> section.integer("count", 2, 0, 5))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> section.integer("other", 6, 0, 5))
        .isInstanceOf(IllegalStateException.class);
    section.section("b").flag("c", true);
    assertThatThrownBy(() -> section.flag("b-c", true)).hasMessageContaining("KRYSTALINE_A_B_C");
    assertThatThrownBy(() -> section.flag("B", true)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refuseUnknown_namesEveryOneWithItsPlace() throws IOException {
    Path file = file("empty-section:\nreceive:\n  otlp-grpc-prot: 1\n  empty: {}\nother: {}\n");
    Config config =
        Config.of(
            ConfigSources.of(
                file,
                Map.of("krystaline.x", "1", "krystaline.launcher.any", "1", "java.home", "x"),
                Map.of(
                    "KRYSTALINE_RECEIVE_OTLP_GRPC_PORTS", "1",
                    "KRYSTALINE_PEERS", "p",
                    "KRYSTALINE_JAVA_OPTS", "-Xmx1g",
                    "PATH", "/bin"),
                Map.of("y.z", "1")));
    config.section("receive").port("otlp-grpc-port", 4317);
    config.section("empty-section").flag("any", false);

    assertThatThrownBy(config::refuseUnknown)
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "unknown setting: environment variable KRYSTALINE_RECEIVE_OTLP_GRPC_PORTS (did you mean"
                + " KRYSTALINE_RECEIVE_OTLP_GRPC_PORT?); other in "
                + file
                + "; receive.empty in "
                + file
                + "; receive.otlp-grpc-prot in "
                + file
                + " (did you mean receive.otlp-grpc-port?); system property krystaline.x; y.z on"
                + " the command line");
  }

  @Test
  void settings_maskSecrets() {
    Config config = Config.of(ConfigSources.ofOverrides(Map.of("api.token", "s3cret")));
    config.section("api").secret("token");
    config.section("api").secret("other");
    config.root().duration("retention", Duration.ofDays(30));

    assertThat(config.settings())
        .extracting(Setting::key, Setting::defaultText, Setting::valueText)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("api.other", "", ""),
            org.assertj.core.groups.Tuple.tuple("api.token", "", "***"),
            org.assertj.core.groups.Tuple.tuple("retention", "30d", "30d"));
    assertThat(config.settings().getFirst().environmentVariable())
        .isEqualTo("KRYSTALINE_API_OTHER");
    assertThat(config.settings().getFirst().systemProperty()).isEqualTo("krystaline.api.other");
    assertThat(config.settings().toString()).doesNotContain("s3cret");
  }

  @Test
  void read_badSecret_isNotShown() throws IOException {
    ConfigSection section = fromFile("token: [s3cret]").root();

    assertThatThrownBy(() -> section.secret("token"))
        .hasMessage("token (file) is '***', expected one secret text")
        .hasNoCause();
  }

  @Test
  void of_fileFromVariable_unlessNamed() throws IOException {
    Path named = file("a: 1");
    Path other = folder.resolve("other.yaml");

    assertThat(
            ConfigSources.of(null, Map.of(), Map.of("KRYSTALINE_CONFIG", "c.yaml"), Map.of())
                .file())
        .isEqualTo(Path.of("c.yaml"));
    assertThat(
            ConfigSources.of(named, Map.of(), Map.of("KRYSTALINE_CONFIG", "c.yaml"), Map.of())
                .file())
        .isEqualTo(named);
    assertThatThrownBy(() -> Config.of(ConfigSources.of(other, Map.of(), Map.of(), Map.of())))
        .hasMessage("configuration file %s cannot be read: it does not exist".formatted(other));
  }

  @Test
  void of_fileThatWouldBeMisread_isRefused() {
    assertThatThrownBy(() -> fromFile("a: 1\na: 2\n")).hasMessageContaining("'a'");
    assertThatThrownBy(() -> fromFile("a.b: 1\na: {b: 2}\n"))
        .hasMessageContaining("a.b is given twice");
    assertThatThrownBy(() -> fromFile("a: &x 1\nb: *x\n")).hasMessageContaining("aliases");
    assertThatThrownBy(() -> fromFile("a: 1\n---\nb: 1\n")).hasMessageContaining("document");
    assertThatThrownBy(() -> fromFile("- a\n")).hasMessageContaining("line 1");
    assertThatThrownBy(() -> fromFile("a: [ {b: 1} ]\n")).hasMessageContaining("plain values");
    assertThatThrownBy(() -> fromFile("a: [\n")).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> fromFile("{a: ".repeat(30) + "1" + "}".repeat(30)))
        .hasMessageContaining("deeper");
    assertThatThrownBy(() -> fromFile("#" + "x".repeat(1 << 20))).hasMessageContaining("at most");
  }

  @Test
  void of_emptyFile_givesDefaults() throws IOException {
    Config config = fromFile("# nothing\n");

    assertThat(config.root().text("a", "b")).isEqualTo("b");
    config.refuseUnknown();
  }

  private Config fromFile(String yaml) throws IOException {
    return Config.of(ConfigSources.of(file(yaml), Map.of(), Map.of(), Map.of()));
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("krystaline.yaml"), yaml);
  }
}
