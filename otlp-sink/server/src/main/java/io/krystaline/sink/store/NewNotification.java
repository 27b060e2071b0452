package io.krystaline.sink.store;

import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import java.time.Duration;
import java.util.Objects;

/**
 * A notification that is to be delivered through one channel.
 *
 * @param channel the channel's name
 * @param key tells it apart from every other one; a second one with the same key is not kept
 * @param reopened how often the incident was opened again
 * @param groupKey those with the same may become one message
 * @param groupWait how long it may wait for others of its group; zero for none
 * @param document the incident as JSON
 */
public record NewNotification(
    String channel,
    String incidentId,
    NotificationChange change,
    String key,
    Severity severity,
    Priority priority,
    int reopened,
    String groupKey,
    Duration groupWait,
    String document) {
  public NewNotification {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(incidentId, "incidentId");
    Objects.requireNonNull(change, "change");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(groupKey, "groupKey");
    Objects.requireNonNull(document, "document");
    if (groupWait.isNegative()) {
      throw new IllegalArgumentException("groupWait is " + groupWait);
    }
  }
}
