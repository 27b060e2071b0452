package io.krystaline.sink.view;

import io.krystaline.sink.store.Acknowledgement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who takes care of an incident, and since when. */
public record AcknowledgementView(String by, Instant at, String comment) {
  static @Nullable AcknowledgementView of(@Nullable Acknowledgement acknowledgement) {
    return acknowledgement == null
        ? null
        : new AcknowledgementView(
            acknowledgement.by(), acknowledgement.at(), acknowledgement.comment());
  }
}
