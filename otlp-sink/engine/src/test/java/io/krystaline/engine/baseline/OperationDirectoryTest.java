package io.krystaline.engine.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import org.junit.jupiter.api.Test;

class OperationDirectoryTest {
  private static OperationDirectory directory(int perService, int services, int operations) {
    return new OperationDirectory(
        BaselineSettings.defaults(), new DirectoryLimits(perService, services, operations, 512), 1);
  }

  private static OperationKey key(String service, String operation) {
    return new OperationKey(service, operation, SpanKind.SERVER);
  }

  @Test
  void operation_sameKey_isTheSameObject() {
    OperationDirectory directory = directory(10, 10, 100);
    Operation operation = directory.operation(key("shop", "buy"));
    assertThat(directory.operation(key("shop", "buy"))).isSameAs(operation);
    assertThat(directory.find(key("shop", "buy"))).containsSame(operation);
    assertThat(directory.find(key("shop", "sell"))).isEmpty();
    assertThat(directory.find(key("none", "buy"))).isEmpty();
    assertThat(directory.operations().get(operation.index())).isSameAs(operation);
  }

  @Test
  void operation_beyondTheServicesLimit_isOther() {
    OperationDirectory directory = directory(2, 10, 100);
    directory.operation(key("shop", "a"));
    directory.operation(key("shop", "b"));
    Operation other = directory.operation(key("shop", "c"));
    assertThat(other.key()).isEqualTo(new OperationKey("shop", "other", SpanKind.UNSPECIFIED));
    assertThat(directory.operation(key("shop", "d"))).isSameAs(other);
    assertThat(directory.operation(key("shop", "a")).key().operation()).isEqualTo("a");
    assertThat(directory.operation(key("cart", "c")).key().operation()).isEqualTo("c");
    assertThat(directory.find(other.key())).containsSame(other);
    assertThat(directory.service("shop").isFull()).isTrue();
  }

  @Test
  void service_beyondTheLimit_isOther() {
    OperationDirectory directory = directory(10, 2, 100);
    directory.operation(key("a", "x"));
    directory.operation(key("b", "x"));
    Operation operation = directory.operation(key("c", "x"));
    assertThat(operation.key()).isEqualTo(key("other", "x"));
    assertThat(directory.servicesFull()).isTrue();
    assertThat(directory.services()).hasSize(2);
    assertThat(directory.find(key("other", "x"))).containsSame(operation);
  }

  @Test
  void operation_beyondAllOperations_isOtherOfItsService() {
    OperationDirectory directory = directory(100, 5, 10);
    for (int i = 0; i < 1_000; i++) {
      directory.operation(key("s" + i % 7, "o" + i));
    }
    assertThat(directory.isFull()).isTrue();
    assertThat(directory.size()).isLessThanOrEqualTo(10 + 5 + 1);
    assertThat(directory.operation(key("s0", "new")).key().operation()).isEqualTo("other");
  }

  @Test
  void operation_longName_isCutAtACharacter() {
    OperationDirectory directory = directory(10, 10, 100);
    String smileys = "😀".repeat(200);
    assertThat(directory.operation(key("s", smileys)).key().operation())
        .isEqualTo("😀".repeat(128));
    assertThat(directory.operation(key("s", "a" + smileys)).key().operation())
        .isEqualTo("a" + "😀".repeat(127));
    assertThat(directory.operation(key("s", "x".repeat(512))).key().operation()).hasSize(512);
  }

  @Test
  void limits_wrong_areRefused() {
    assertThatThrownBy(() -> new DirectoryLimits(0, 1, 1, 512))
        .hasMessageContaining("operationsPerService is 0");
    assertThatThrownBy(() -> new DirectoryLimits(1, 1, 1, 5_000))
        .hasMessageContaining("nameBytesMax is 5000");
  }
}
