package io.krystaline.sink.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.krystaline.sink.store.NotificationChange;
import io.krystaline.sink.view.IncidentView;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Posts incidents as alerts to Prometheus Alertmanager's API v2. An alert is known by its labels,
 * among them severity and priority, so that routes can go by them: where these change, the alert
 * with the old ones is ended in the same request. An open alert ends by itself some reminders
 * ahead, so that it does not stay where this program is gone.
 */
final class AlertmanagerCourier implements Courier {
  private static final int REMINDERS_AHEAD = 4;

  private final ChannelTarget.Alertmanager target;
  private final URI url;
  private final IncidentLinks links;
  private final HttpSender sender;
  private final ObjectMapper mapper;
  private final InstantSource clock;

  AlertmanagerCourier(
      ChannelTarget.Alertmanager target,
      IncidentLinks links,
      HttpSender sender,
      ObjectMapper mapper,
      InstantSource clock) {
    this.target = target;
    String base = target.url().toString();
    this.url = URI.create((base.endsWith("/") ? base : base + "/") + "api/v2/alerts");
    this.links = links;
    this.sender = sender;
    this.mapper = mapper;
    this.clock = clock;
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public boolean needsReminders() {
    return true;
  }

  @Override
  public Delivery deliver(Message message) {
    ArrayNode alerts = mapper.createArrayNode();
    Instant now = clock.instant();
    for (Notice notice : message.notices()) {
      IncidentView incident = notice.incident();
      IncidentView told = notice.told();
      boolean resolved = notice.change() == NotificationChange.RESOLVED;
      if (told != null && !labels(told).equals(labels(incident))) {
        alert(alerts, told, now);
      }
      alert(alerts, incident, resolved ? now : ahead(now));
    }
    return post(alerts);
  }

  @Override
  public Delivery remind(List<Notice> standing) {
    ArrayNode alerts = mapper.createArrayNode();
    Instant until = ahead(clock.instant());
    standing.forEach(notice -> alert(alerts, notice.incident(), until));
    return post(alerts);
  }

  private Delivery post(ArrayNode alerts) {
    return sender.post(
        url,
        alerts.toString().getBytes(StandardCharsets.UTF_8),
        target.token().map(token -> Map.of("Authorization", "Bearer " + token)).orElse(Map.of()));
  }

  private Instant ahead(Instant now) {
    return now.plus(target.remindInterval().multipliedBy(REMINDERS_AHEAD))
        .plus(Duration.ofSeconds(30));
  }

  private void alert(ArrayNode alerts, IncidentView incident, Instant end) {
    ObjectNode alert = alerts.addObject();
    ObjectNode labels = alert.putObject("labels");
    labels(incident).forEach(labels::put);
    ObjectNode annotations = alert.putObject("annotations");
    annotations.put("summary", IncidentText.clean(incident.title(), 500));
    annotations.put(
        "description",
        String.join(
            "\n", IncidentText.facts(new Notice(NotificationChange.OPENED, incident, null))));
    // Alertmanager refuses an alert that ends before it starts; a replayed incident may be of any
    // time.
    Instant start = incident.start().isBefore(end) ? incident.start() : end;
    alert.put("startsAt", start.toString()).put("endsAt", end.toString());
    links.of(incident).ifPresent(link -> alert.put("generatorURL", link));
  }

  /** What the alert is known by; never a label without a value, which counts as none. */
  private static SortedMap<String, String> labels(IncidentView incident) {
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put("alertname", "KrystalineIncident");
    labels.put("incident", incident.id());
    labels.put("kind", incident.kind());
    labels.put("priority", incident.priority());
    labels.put("service", IncidentText.clean(IncidentText.service(incident), 200));
    labels.put("severity", "SEV" + incident.severity());
    labels.put("use_case", IncidentText.clean(incident.useCase(), 200));
    return labels;
  }

  @Override
  public void close() {
    sender.close();
  }
}
