package io.krystaline.sink.store;

import java.util.List;

/** What a person is told of an incident. */
public enum NotificationChange {
  OPENED,
  /** Its severity or priority is worse than what was told. */
  WORSENED,
  REOPENED,
  RESOLVED;

  /** What is told instead of this and of older news that were never told. */
  NotificationChange after(List<NotificationChange> older) {
    if (older.contains(OPENED)) {
      return OPENED;
    }
    return older.contains(REOPENED) ? REOPENED : this;
  }
}
