package io.krystaline.sink.receive;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A whole request that is not taken in, and what its sender is told.
 *
 * @param message short plain English; cut and cleaned here, because parts of it may come from the
 *     sender
 * @param retryAfter when the sender shall try again; null where it must not
 */
record Refusal(RefusalReason reason, String message, @Nullable Duration retryAfter) {
  private static final Duration RETRY_AFTER_DEFAULT = Duration.ofSeconds(1);

  Refusal {
    message = ClientText.cut(message);
  }

  static Refusal of(RefusalReason reason, String message) {
    return new Refusal(reason, message, null);
  }

  static Refusal unavailable(String message, Duration retryAfter) {
    return new Refusal(RefusalReason.UNAVAILABLE, message, retryAfter);
  }

  static Refusal of(IngestResult.Malformed malformed) {
    return of(RefusalReason.MALFORMED, malformed.message());
  }

  static Refusal of(IngestResult.TooLarge tooLarge) {
    return of(
        RefusalReason.TOO_LARGE,
        "the message is over the limit of " + tooLarge.limitBytes() + " bytes");
  }

  static Refusal of(IngestResult.Unavailable unavailable) {
    return unavailable(unavailable.reason(), unavailable.retryAfter());
  }

  /** What a sender is told when the anomalies of its message could not be committed. */
  static Refusal ofFailedCommit(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Duration retryAfter =
        cause instanceof StoreUnavailableException unavailable
            ? unavailable.retryAfter()
            : RETRY_AFTER_DEFAULT;
    return unavailable("the anomalies could not be stored, try again", retryAfter);
  }

  /** The status that both transports send, with BadRequest or RetryInfo as its detail. */
  Status status() {
    Status.Builder status =
        Status.newBuilder().setCode(reason.code().getNumber()).setMessage(message);
    if (reason == RefusalReason.MALFORMED) {
      status.addDetails(
          Any.pack(
              BadRequest.newBuilder()
                  .addFieldViolations(
                      BadRequest.FieldViolation.newBuilder().setDescription(message))
                  .build()));
    }
    if (retryAfter != null) {
      status.addDetails(
          Any.pack(
              RetryInfo.newBuilder()
                  .setRetryDelay(
                      com.google.protobuf.Duration.newBuilder()
                          .setSeconds(retryAfter.getSeconds())
                          .setNanos(retryAfter.getNano()))
                  .build()));
    }
    return status.build();
  }
}
