package io.krystaline.engine.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.SpanKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationTableTest {
  private static final long SEED = 42;
  private static final int SERVICE = 1;
  private static final int KIND = 2;

  private final OperationDirectory directory =
      new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
  private final OperationTable table = new OperationTable();

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private static int identity(byte[] name) {
    return OperationTable.identity(SERVICE, KIND, name.length);
  }

  private int add(String name) {
    byte[] bytes = bytes(name);
    Operation operation =
        directory.service("shop").operation(name.isEmpty() ? "empty" : name, SpanKind.SERVER);
    return table.add(SEED, identity(bytes), bytes, 0, bytes.length, operation);
  }

  private int find(String name, String before, String behind) {
    byte[] bytes = bytes(name);
    return table.find(
        SEED, identity(bytes), bytes(before + name + behind), before.length(), bytes.length);
  }

  /** Names of 0 to 80 bytes, of which each begins as the one before. */
  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (int length = 0; length <= 80; length++) {
      names.add("/api/v1/orders/{id}/".repeat(5).substring(0, length));
    }
    return names;
  }

  @Test
  void find_eachLength_whateverStandsAroundTheName() {
    List<Integer> cells = names().stream().map(this::add).toList();
    assertThat(cells).doesNotHaveDuplicates();
    for (int i = 0; i < cells.size(); i++) {
      String name = names().get(i);
      assertThat(find(name, "", "")).as("alone: %s", name).isEqualTo(cells.get(i));
      assertThat(find(name, "#", "\u007f".repeat(40))).as("between").isEqualTo(cells.get(i));
      assertThat(find(name, "###", name)).as("before itself").isEqualTo(cells.get(i));
    }
  }

  @Test
  void find_anyByteOther_isNotFound() {
    for (String name : names()) {
      add(name);
    }
    for (String name : names()) {
      for (int at = 0; at < name.length(); at++) {
        String other = name.substring(0, at) + '~' + name.substring(at + 1);
        assertThat(find(other, "", "")).as(other).isEqualTo(-1);
        assertThat(find(other, "", "x".repeat(32))).as(other).isEqualTo(-1);
      }
    }
  }

  @Test
  void find_sameNameOfOtherIdentityOrSeed_isNotFound() {
    add("GET /orders");
    byte[] name = bytes("GET /orders");
    int otherKind = OperationTable.identity(SERVICE, KIND + 1, name.length);
    int otherService = OperationTable.identity(SERVICE + 1, KIND, name.length);
    assertThat(table.find(SEED, otherKind, name, 0, name.length)).isEqualTo(-1);
    assertThat(table.find(SEED, otherService, name, 0, name.length)).isEqualTo(-1);
    assertThat(table.find(SEED + 1, identity(name), name, 0, name.length)).isEqualTo(-1);
  }

  @Test
  void find_afterTheTableHasGrown_findsAllOfBefore() {
    List<Integer> cells = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      cells.add(add("process a-message-of-some-kind-number-" + i));
    }
    for (int i = 0; i < cells.size(); i++) {
      assertThat(find("process a-message-of-some-kind-number-" + i, "", ""))
          .isEqualTo(cells.get(i));
    }
  }
}
