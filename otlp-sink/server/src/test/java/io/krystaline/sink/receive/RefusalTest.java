package io.krystaline.sink.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RefusalTest {
  @Test
  void reasons_mapToHttpAsTheCollectorDoes() {
    for (RefusalReason reason : RefusalReason.values()) {
      int generic =
          switch (reason.code()) {
            case UNAVAILABLE -> 503;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case UNIMPLEMENTED -> 404;
            case INVALID_ARGUMENT -> 400;
            default -> 500;
          };
      int expected =
          switch (reason) {
            case TOO_LARGE -> 413;
            case METHOD_NOT_ALLOWED -> 405;
            case UNSUPPORTED_TYPE -> 415;
            case PROTOCOL -> 400;
            default -> generic;
          };
      assertThat(reason.httpStatus()).as(reason.label()).isEqualTo(expected);
    }
  }

  @Test
  void ofHttpStatus_statusWithoutAReason_isTheGeneralOne() {
    assertThat(RefusalReason.ofHttpStatus(413)).isEqualTo(RefusalReason.TOO_LARGE);
    assertThat(RefusalReason.ofHttpStatus(400)).isEqualTo(RefusalReason.MALFORMED);
    assertThat(RefusalReason.ofHttpStatus(431)).isEqualTo(RefusalReason.MALFORMED);
    assertThat(RefusalReason.ofHttpStatus(501)).isEqualTo(RefusalReason.INTERNAL);
  }

  @Test
  void ofFailedCommit_storeUnavailable_keepsItsRetryDelay() {
    StoreUnavailableException down =
        new StoreUnavailableException("down", Duration.ofSeconds(9), new IllegalStateException());

    for (Throwable failure : new Throwable[] {down, new CompletionException(down)}) {
      Refusal refusal = Refusal.ofFailedCommit(failure);
      assertThat(refusal.reason()).isEqualTo(RefusalReason.UNAVAILABLE);
      assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(9));
    }
    assertThat(Refusal.ofFailedCommit(new IllegalStateException()).retryAfter())
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void message_controlCharactersAndLength_areRemoved() {
    Refusal refusal = Refusal.of(new IngestResult.Malformed("a\u0000b\n\uD800" + "c".repeat(999)));

    assertThat(refusal.message()).startsWith("a?b??c").hasSize(256);
    assertThat(refusal.status().getCode()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
  }

  @Test
  void senderToken_matchesOnlyItself() {
    SenderToken token = new SenderToken("open sesame");

    assertThat(token.matches("Bearer open sesame")).isTrue();
    assertThat(token.matches("bearer  open sesame ")).isTrue();
    assertThat(token.matches("Bearer open")).isFalse();
    assertThat(token.matches("Basic open sesame")).isFalse();
    assertThat(token.matches(null)).isFalse();
    assertThat(token.toString()).doesNotContain("sesame");
    assertThatThrownBy(() -> new SenderToken(" ")).isInstanceOf(IllegalArgumentException.class);
  }
}
