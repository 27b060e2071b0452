package io.krystaline.sink.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import org.junit.jupiter.api.Test;

class OperationIdTest {
  @Test
  void of_sameKey_isTheSameTextForEver() {
    assertThat(OperationId.of(new OperationKey("cart", "GET /", SpanKind.SERVER)))
        .isEqualTo("4P89isfGfu-ISMey")
        .hasSize(OperationId.LENGTH);
  }

  @Test
  void of_keysWhosePartsRunTogether_differ() {
    String id = OperationId.of(new OperationKey("ab", "c", SpanKind.SERVER));

    assertThat(OperationId.of(new OperationKey("a", "bc", SpanKind.SERVER))).isNotEqualTo(id);
    assertThat(OperationId.of(new OperationKey("ab", "c", SpanKind.CLIENT))).isNotEqualTo(id);
  }

  @Test
  void of_emptyNames_isUsableInAUrl() {
    assertThat(OperationId.of(new OperationKey("", "", SpanKind.UNSPECIFIED)))
        .matches("[A-Za-z0-9_-]{16}");
  }
}
