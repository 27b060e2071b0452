package io.krystaline.sink.pipeline;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What became of one message. */
public sealed interface IngestResult {

  /**
   * The message was well-formed; its good spans are scored.
   *
   * @param spans spans taken in
   * @param rejected spans refused, to be told as partial success
   * @param message why spans were refused, in English, empty where none was
   * @param durable completes when every anomaly of the message is committed, exceptionally with
   *     {@link StoreUnavailableException} if that failed and the sender shall try again; null where
   *     there is nothing to wait for
   */
  record Accepted(
      int spans, long rejected, String message, @Nullable CompletableFuture<Void> durable)
      implements IngestResult {}

  /** The bytes are no OTLP message, or can't be decompressed: the sender must not try again. */
  record Malformed(String message) implements IngestResult {}

  /** The message is over the limit after decompression: the sender must not try again. */
  record TooLarge(int limitBytes) implements IngestResult {}

  /** Nothing was taken in; the sender shall try again after a while. */
  record Unavailable(Duration retryAfter, String reason) implements IngestResult {}
}
