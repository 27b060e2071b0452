package io.krystaline.sink.notify;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** How an attempt to deliver ended. */
public sealed interface Delivery {
  /** The receiver took it. */
  record Delivered() implements Delivery {}

  /**
   * It may succeed another time.
   *
   * @param reason for a person, without secrets
   * @param retryAfter what the receiver asked for; it then gets nothing before
   */
  record Failed(String reason, Optional<Duration> retryAfter) implements Delivery {
    public Failed {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(retryAfter, "retryAfter");
    }

    static Failed of(String reason) {
      return new Failed(reason, Optional.empty());
    }
  }

  /**
   * The same message would be refused again.
   *
   * @param reason for a person, without secrets
   */
  record Refused(String reason) implements Delivery {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
