package io.krystaline.engine.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import org.junit.jupiter.api.Test;

class OperationIndexTest {
  @Test
  void register_ofManyOperations_growsAndKeepsEach() {
    OperationDirectory directory =
        new OperationDirectory(
            BaselineSettings.defaults(), new DirectoryLimits(1_000, 100, 5_000, 512), 1);
    OperationIndex index = new OperationIndex();
    // Some numbers are never registered.
    for (int i = 0; i < 1_000; i++) {
      OperationKey key = new OperationKey("service" + i % 7, "operation" + i, SpanKind.SERVER);
      int number = directory.operation(key).index();
      if (i % 3 == 0) {
        assertThat(index.register(directory.operation(key))).isEqualTo(number);
        assertThat(index.register(directory.operation(key))).isEqualTo(number);
        assertThat(index.key(number)).isEqualTo(key);
        assertThat(index.serviceName(index.serviceOf(number))).isEqualTo(key.service());
      } else {
        assertThatThrownBy(() -> index.key(number)).hasMessageContaining("not registered");
      }
    }
    assertThat(index.services()).isEqualTo(7);
  }

  @Test
  void service_isNumberedByItsTurn() {
    OperationIndex index = new OperationIndex();
    assertThat(index.services()).isZero();
    assertThat(index.service("b")).isZero();
    assertThat(index.service("a")).isEqualTo(1);
    assertThat(index.service("b")).isZero();
    assertThat(index.serviceName(1)).isEqualTo("a");
  }
}
