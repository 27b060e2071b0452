package io.krystaline.sink.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.krystaline.sink.store.NotificationChange;
import io.krystaline.sink.view.IncidentView;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Triggers and resolves events of PagerDuty's Events API v2. All events of an incident have the
 * same {@code dedup_key}, so that a repeated one changes nothing and a reopened incident is a new
 * alert there.
 */
final class PagerDutyCourier implements Courier {
  private static final int SUMMARY_MAX = 1_024;

  private final ChannelTarget.PagerDuty target;
  private final IncidentLinks links;
  private final HttpSender sender;
  private final ObjectMapper mapper;

  PagerDutyCourier(
      ChannelTarget.PagerDuty target, IncidentLinks links, HttpSender sender, ObjectMapper mapper) {
    this.target = target;
    this.links = links;
    this.sender = sender;
    this.mapper = mapper;
  }

  @Override
  public boolean takesSeveral() {
    return false;
  }

  @Override
  public Delivery deliver(Message message) {
    return sender.post(
        target.url(), event(message.first()).toString().getBytes(StandardCharsets.UTF_8), Map.of());
  }

  private ObjectNode event(Notice notice) {
    IncidentView incident = notice.incident();
    boolean resolved = notice.change() == NotificationChange.RESOLVED;
    ObjectNode event =
        mapper
            .createObjectNode()
            .put("routing_key", target.routingKey())
            .put("event_action", resolved ? "resolve" : "trigger")
            .put("dedup_key", "krystaline-" + incident.id());
    if (resolved) {
      return event;
    }
    event.put("client", "Krystaline");
    links
        .of(incident)
        .ifPresent(
            link -> {
              event.put("client_url", link);
              event.putArray("links").addObject().put("href", link).put("text", "Incident");
            });
    ObjectNode payload = event.putObject("payload");
    payload
        .put("summary", IncidentText.clean(IncidentText.line(notice), SUMMARY_MAX))
        .put("source", IncidentText.clean(IncidentText.service(incident), 255))
        .put("severity", severity(incident.severity()))
        .put("timestamp", incident.start().toString())
        .put("group", IncidentText.clean(incident.useCase(), 255))
        .put("class", incident.kind());
    ObjectNode details = payload.putObject("custom_details");
    details.put("incident", incident.id()).put("priority", incident.priority());
    details.put("facts", String.join("\n", IncidentText.facts(notice)));
    return event;
  }

  /** PagerDuty knows four: SEV1 critical, SEV2 and SEV3 error, SEV4 warning, SEV5 info. */
  private static String severity(int level) {
    return switch (level) {
      case 1 -> "critical";
      case 2, 3 -> "error";
      case 4 -> "warning";
      default -> "info";
    };
  }

  @Override
  public void close() {
    sender.close();
  }
}
