package io.krystaline.sink.notify;

import io.krystaline.sink.store.NotificationChange;
import io.krystaline.sink.view.IncidentView;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One incident in a message.
 *
 * @param change what is told
 * @param incident as it was when it was queued
 * @param told as the channel was told of it last; null before it was
 */
public record Notice(
    NotificationChange change, IncidentView incident, @Nullable IncidentView told) {
  public Notice {
    Objects.requireNonNull(change, "change");
    Objects.requireNonNull(incident, "incident");
  }
}
