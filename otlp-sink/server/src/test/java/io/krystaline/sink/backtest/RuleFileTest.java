package io.krystaline.sink.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.detect.AlarmRule;
import io.krystaline.engine.detect.Channel;
import io.krystaline.platform.json.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleFileTest {
  @TempDir Path folder;

  private List<AlarmRule> read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("rules.json"), text);
    return RuleFile.read(StrictJson.mapper(), file);
  }

  @Test
  void read_array_isItsRules() throws IOException {
    assertThat(
            read(
                """
                [{"service": "pay", "channel": "self_time", "multiplier": 2.5},
                 {"service": "cart", "channel": "ERRORS", "operation": "GET /", "multiplier": null}]
                """))
        .containsExactly(
            new AlarmRule("pay", Channel.SELF_TIME, null, 2.5),
            new AlarmRule("cart", Channel.ERRORS, "GET /", null));
    assertThat(read("[]")).isEmpty();
  }

  @Test
  void read_answerOfTheApi_isAllButTheReverted() throws IOException {
    assertThat(
            read(
                """
                {"items": [
                  {"id": 1, "service": "pay", "channel": "surge", "state": "reverted"},
                  {"id": 2, "service": "pay", "channel": "errors", "state": "proposed"}],
                 "nextCursor": null}
                """))
        .containsExactly(new AlarmRule("pay", Channel.ERRORS, null, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "7",
        "{\"rules\": []}",
        "[{}]",
        "[{\"service\": \"pay\"}]",
        "[{\"service\": 1, \"channel\": \"errors\"}]",
        "[{\"service\": \"pay\", \"channel\": \"weather\"}]",
        "[{\"service\": \"pay\", \"channel\": \"errors\", \"multiplier\": \"2\"}]",
        "[{\"service\": \"pay\", \"channel\": \"errors\", \"multiplier\": 0.5}]"
      })
  void read_notRules_isRefusedWithThePlace(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rules.json");
  }
}
