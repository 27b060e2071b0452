package io.krystaline.sink.notify;

import java.util.List;

/** Delivers messages to one receiver. Used by one thread; blocks, within its timeouts. */
public interface Courier extends AutoCloseable {
  /** Whether a message may hold several incidents. */
  boolean takesSeveral();

  /** Tries once. Whatever goes wrong is told in the answer. */
  Delivery deliver(Message message);

  /**
   * Whether the receiver forgets an incident that it is not reminded of; {@link #remind} is then
   * called at an interval.
   */
  default boolean needsReminders() {
    return false;
  }

  /** Says that these incidents, as they were delivered last, are still open. */
  default Delivery remind(List<Notice> standing) {
    return new Delivery.Delivered();
  }

  @Override
  default void close() {}
}
