package io.krystaline.sink.notify;

import java.util.List;
import java.util.Objects;

/**
 * What is delivered at once.
 *
 * @param key the same in each attempt to deliver this message, and in no other message
 * @param notices at least one; each incident once
 */
public record Message(String key, List<Notice> notices) {
  public Message {
    Objects.requireNonNull(key, "key");
    notices = List.copyOf(notices);
    if (notices.isEmpty()) {
      throw new IllegalArgumentException("a message tells of something");
    }
  }

  /** The first notice. */
  Notice first() {
    return notices.getFirst();
  }
}
