package io.krystaline.sink.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Priority;
import io.krystaline.sink.store.NewNotification;
import io.krystaline.sink.store.NotificationChange;
import io.krystaline.sink.store.ToldIncident;
import io.krystaline.sink.view.IncidentView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides what is news to which channel, from the state of an incident and from what each channel
 * was told of it. The same state twice is no news, so that repeating one is harmless. Pure.
 */
final class AnnouncementPolicy {
  private final NotifySettings settings;
  // In ASCII, as no database refuses that.
  private final ObjectWriter writer;

  AnnouncementPolicy(NotifySettings settings, ObjectMapper mapper) {
    this.settings = settings;
    this.writer = mapper.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
  }

  /**
   * What to queue.
   *
   * @param silenced nothing but its end is told
   */
  List<NewNotification> news(Incident incident, boolean silenced, List<ToldIncident> told) {
    List<NewNotification> news = new ArrayList<>();
    for (ChannelSettings channel : settings.channels()) {
      Optional<ToldIncident> before =
          told.stream().filter(row -> row.channel().equals(channel.name())).findFirst();
      change(channel, incident, silenced, before)
          .ifPresent(change -> news.add(notification(channel, incident, change)));
    }
    return news;
  }

  /** Whether a channel would tell of it, were it not silenced. */
  boolean concerns(Incident incident) {
    return settings.channels().stream().anyMatch(channel -> isWanted(channel, incident));
  }

  private static Optional<NotificationChange> change(
      ChannelSettings channel, Incident incident, boolean silenced, Optional<ToldIncident> told) {
    boolean open = told.isPresent() && !told.get().resolved();
    if (!incident.isOpen()) {
      // An older state's end is no news after the incident was reopened and told.
      return open && told.get().reached() && incident.reopened() >= told.get().reopened()
          ? Optional.of(NotificationChange.RESOLVED)
          : Optional.empty();
    }
    if (silenced || !isWanted(channel, incident)) {
      return Optional.empty();
    }
    if (told.isEmpty()) {
      return Optional.of(NotificationChange.OPENED);
    }
    ToldIncident last = told.get();
    if (incident.reopened() > last.reopened()) {
      return Optional.of(NotificationChange.REOPENED);
    }
    return open && incident.reopened() == last.reopened() && isWorse(incident, last)
        ? Optional.of(NotificationChange.WORSENED)
        : Optional.empty();
  }

  private static boolean isWanted(ChannelSettings channel, Incident incident) {
    return incident.severity().compareTo(channel.severityMin()) <= 0
        && incident.priority().compareTo(channel.priorityMin()) <= 0;
  }

  private static boolean isWorse(Incident incident, ToldIncident told) {
    return incident.severity().compareTo(told.severity()) < 0
        || incident.priority().compareTo(told.priority()) < 0;
  }

  private NewNotification notification(
      ChannelSettings channel, Incident incident, NotificationChange change) {
    IncidentView view = IncidentView.of(incident);
    return new NewNotification(
        channel.name(),
        incident.id(),
        change,
        key(channel, incident, change),
        incident.severity(),
        incident.priority(),
        incident.reopened(),
        switch (settings.groupBy()) {
          case SERVICE -> IncidentText.service(view);
          case USE_CASE -> incident.useCase();
        },
        incident.priority() == Priority.P0 ? Duration.ZERO : settings.groupWait(),
        document(view));
  }

  private static String key(ChannelSettings channel, Incident incident, NotificationChange change) {
    String level =
        change == NotificationChange.WORSENED
            ? "-sev" + incident.severity().level() + "-" + incident.priority()
            : "";
    return "%s-%d-%s%s-%s"
        .formatted(
            incident.id(), incident.reopened(), IncidentText.word(change), level, channel.name())
        .toLowerCase(Locale.ROOT);
  }

  private String document(IncidentView view) {
    try {
      return writer.writeValueAsString(view);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an incident that cannot be written as JSON", e);
    }
  }
}
