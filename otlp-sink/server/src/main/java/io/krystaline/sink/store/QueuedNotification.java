package io.krystaline.sink.store;

import io.krystaline.engine.incident.Priority;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A notification that waits for its delivery.
 *
 * @param id rises with each one
 * @param batch the message that it was tried in; null before it was tried
 * @param attempts deliveries that failed so far
 * @param document the incident as JSON
 * @param delivered the last document of this incident that reached the channel; null before one has
 */
public record QueuedNotification(
    long id,
    String channel,
    String incidentId,
    NotificationChange change,
    String key,
    Priority priority,
    String groupKey,
    @Nullable String batch,
    int attempts,
    Instant created,
    String document,
    @Nullable String delivered) {}
