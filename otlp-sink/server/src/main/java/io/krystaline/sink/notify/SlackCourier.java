package io.krystaline.sink.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.krystaline.sink.store.NotificationChange;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Posts to an incoming webhook of Slack or of what takes Slack's messages: {@code text} for
 * notifications and for receivers that know no blocks, and two blocks an incident. What comes from
 * telemetry is escaped, so that it cannot mention anybody or show a false link.
 */
final class SlackCourier implements Courier {
  private static final int HEADING_MAX = 300;
  private static final int SECTION_MAX = 2_900;

  private final ChannelTarget.Slack target;
  private final IncidentLinks links;
  private final HttpSender sender;
  private final ObjectMapper mapper;

  SlackCourier(
      ChannelTarget.Slack target, IncidentLinks links, HttpSender sender, ObjectMapper mapper) {
    this.target = target;
    this.links = links;
    this.sender = sender;
    this.mapper = mapper;
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Delivery deliver(Message message) {
    return sender.post(
        target.url(),
        body(message).toString().getBytes(StandardCharsets.UTF_8),
        Map.of(WebhookCourier.KEY_HEADER, message.key()));
  }

  private ObjectNode body(Message message) {
    ObjectNode body = mapper.createObjectNode();
    body.put("text", escape(IncidentText.summary(message)));
    ArrayNode blocks = body.putArray("blocks");
    for (Notice notice : message.notices()) {
      section(blocks, heading(notice));
      if (notice.change() != NotificationChange.RESOLVED) {
        section(blocks, facts(notice));
      }
    }
    return body;
  }

  private String heading(Notice notice) {
    String line = escape(IncidentText.clean(IncidentText.line(notice), HEADING_MAX));
    String sign =
        notice.change() == NotificationChange.RESOLVED ? ":white_check_mark:" : ":rotating_light:";
    return links
        .of(notice.incident())
        .map(link -> "%s *%s* <%s|open>".formatted(sign, line, escape(link)))
        .orElseGet(() -> "%s *%s*".formatted(sign, line));
  }

  private static String facts(Notice notice) {
    StringBuilder text = new StringBuilder();
    for (String fact : IncidentText.facts(notice)) {
      String line = escape(fact);
      if (text.length() + line.length() + 1 > SECTION_MAX) {
        break;
      }
      text.append(text.isEmpty() ? "" : "\n").append(line);
    }
    return text.toString();
  }

  private static void section(ArrayNode blocks, String text) {
    ObjectNode block = blocks.addObject().put("type", "section");
    block.putObject("text").put("type", "mrkdwn").put("text", text);
  }

  /** The three characters that Slack gives a meaning to; formatting marks are left as they are. */
  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public void close() {
    sender.close();
  }
}
