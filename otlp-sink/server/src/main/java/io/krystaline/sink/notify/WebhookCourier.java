package io.krystaline.sink.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Posts incidents as JSON to any receiver. Without a template the body is {@code {"version": 1,
 * "key", "channel", "sentAt", "notices": [{"change", "link", "incident"}]}}; with one it is the
 * template filled in for one incident.
 */
final class WebhookCourier implements Courier {
  static final String KEY_HEADER = "Idempotency-Key";

  private final ChannelTarget.Webhook target;
  private final String channel;
  private final IncidentLinks links;
  private final HttpSender sender;
  private final ObjectMapper mapper;
  private final InstantSource clock;

  WebhookCourier(
      ChannelTarget.Webhook target,
      String channel,
      IncidentLinks links,
      HttpSender sender,
      ObjectMapper mapper,
      InstantSource clock) {
    this.target = target;
    this.channel = channel;
    this.links = links;
    this.sender = sender;
    this.mapper = mapper;
    this.clock = clock;
  }

  @Override
  public boolean takesSeveral() {
    return target.template().isEmpty();
  }

  @Override
  public Delivery deliver(Message message) {
    byte[] body = body(message).getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = new HashMap<>();
    headers.put(KEY_HEADER, message.key());
    target.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
    // Signed anew in each attempt, so that a late one is not taken for a copy.
    target
        .secret()
        .ifPresent(
            secret ->
                headers.put(
                    WebhookSignature.HEADER, WebhookSignature.of(body, secret, clock.instant())));
    return sender.post(target.url(), body, headers);
  }

  private String body(Message message) {
    if (target.template().isPresent()) {
      ObjectNode document = document(message.first());
      document.put("key", message.key()).put("channel", channel);
      return target.template().get().fill(document);
    }
    ObjectNode body = mapper.createObjectNode();
    body.put("version", 1)
        .put("key", message.key())
        .put("channel", channel)
        .put("sentAt", clock.instant().toString());
    ArrayNode notices = body.putArray("notices");
    message.notices().forEach(notice -> notices.add(document(notice)));
    return body.toString();
  }

  private ObjectNode document(Notice notice) {
    ObjectNode document = mapper.createObjectNode();
    document.put("change", IncidentText.word(notice.change()));
    document.put("link", links.of(notice.incident()).orElse(null));
    document.set("incident", mapper.valueToTree(notice.incident()));
    return document;
  }

  @Override
  public void close() {
    sender.close();
  }
}
