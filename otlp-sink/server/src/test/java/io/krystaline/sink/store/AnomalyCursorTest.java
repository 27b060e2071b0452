package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnomalyCursorTest {
  private static final AnomalyCursor CURSOR =
      new AnomalyCursor(1_700_000_000_000_000_000L, new TraceId(-1, 2), new SpanId(-3));

  @Test
  void decode_encoded_isTheSame() {
    assertThat(CURSOR.encode()).hasSize(44).matches("[A-Za-z0-9_-]+");
    assertThat(AnomalyCursor.decode(CURSOR.encode())).isEqualTo(CURSOR);
  }

  @Test
  void decode_anythingElse_isRefused() {
    String text = CURSOR.encode();
    for (String wrong :
        List.of("", "x", "!!!!", text.substring(1), text + "AAAA", "B" + text.substring(1))) {
      assertThatIllegalArgumentException().isThrownBy(() -> AnomalyCursor.decode(wrong));
    }
  }
}
