package io.krystaline.sink.notify;

import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.config.ConfigException;
import io.krystaline.platform.config.ConfigSection;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One way to people.
 *
 * @param name lower-case words joined by hyphens
 * @param severityMin incidents of this severity and worse are told; SEV5, thus all
 * @param priorityMin incidents of this priority and worse are told; P2, thus all
 * @param perMinute messages in the long run; 20
 * @param burst messages at once; 10
 * @param urgentPerMinute messages with P0 in the long run, and as many at once; 60
 * @param timeout of one attempt; 10 seconds
 */
public record ChannelSettings(
    String name,
    ChannelTarget target,
    Severity severityMin,
    Priority priorityMin,
    int perMinute,
    int burst,
    int urgentPerMinute,
    Duration timeout) {
  private static final long TEMPLATE_BYTES_MAX = 64 << 10;

  /** What a channel can be. */
  enum Type {
    WEBHOOK,
    SLACK,
    MAIL,
    PAGERDUTY,
    ALERTMANAGER
  }

  /** A channel with the default limits. */
  public static ChannelSettings of(String name, ChannelTarget target) {
    return new ChannelSettings(
        name, target, Severity.LOW, Priority.P2, 20, 10, 60, Duration.ofSeconds(10));
  }

  /**
   * Reads {@code notify.channel.NAME}.
   *
   * @throws ConfigException if a value is refused
   */
  static ChannelSettings from(ConfigSection section, String name) {
    ChannelSettings defaults =
        of(name, new ChannelTarget.Slack(ChannelTarget.PagerDuty.DEFAULT_URL, Optional.empty()));
    Type type = section.choice("type", Type.WEBHOOK);
    try {
      return new ChannelSettings(
          name,
          target(type, section),
          Severity.ofLevel(section.integer("severity-min", defaults.severityMin().level(), 1, 5)),
          section.choice("priority-min", defaults.priorityMin()),
          section.integer("per-minute", defaults.perMinute(), 1, 100_000),
          section.integer("burst", defaults.burst(), 1, 100_000),
          section.integer("urgent-per-minute", defaults.urgentPerMinute(), 1, 100_000),
          section.duration(
              "timeout", defaults.timeout(), Duration.ofMillis(100), Duration.ofMinutes(1)));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("notify.channel." + name + ": " + e.getMessage(), e);
    }
  }

  private static ChannelTarget target(Type type, ConfigSection section) {
    Optional<Path> certificates = section.optionalPath("certificates");
    return switch (type) {
      case WEBHOOK ->
          new ChannelTarget.Webhook(
              url(section),
              section.secret("secret"),
              section.secret("token"),
              section.optionalPath("template").map(ChannelSettings::template),
              certificates);
      case SLACK -> new ChannelTarget.Slack(url(section), certificates);
      case PAGERDUTY ->
          new ChannelTarget.PagerDuty(
              section
                  .secret("url")
                  .map(ChannelSettings::address)
                  .orElse(ChannelTarget.PagerDuty.DEFAULT_URL),
              section.secret("routing-key").orElseThrow(missing("routing-key")),
              certificates);
      case ALERTMANAGER ->
          new ChannelTarget.Alertmanager(
              url(section),
              section.secret("token"),
              section.duration(
                  "remind-interval",
                  Duration.ofMinutes(1),
                  Duration.ofMillis(100),
                  Duration.ofHours(1)),
              certificates);
      case MAIL -> mail(section, certificates);
    };
  }

  private static ChannelTarget mail(ConfigSection section, Optional<Path> certificates) {
    ChannelTarget.MailTls tls = section.choice("tls", ChannelTarget.MailTls.STARTTLS);
    return new ChannelTarget.Mail(
        section.optionalText("host").orElseThrow(missing("host")),
        section.port("port", 587),
        tls,
        section.optionalText("user"),
        section.secret("password"),
        section.optionalText("from").orElseThrow(missing("from")),
        section.list("to", List.of()),
        certificates);
  }

  /** Secret, as webhooks carry their secret in the path. */
  private static URI url(ConfigSection section) {
    return address(section.secret("url").orElseThrow(missing("url")));
  }

  private static Supplier<IllegalArgumentException> missing(String name) {
    return () -> new IllegalArgumentException(name + " is not set");
  }

  // The text is not repeated, here and in the cause: it may be a secret.
  @SuppressWarnings("UnusedException")
  private static URI address(String text) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null
          && ("https".equalsIgnoreCase(uri.getScheme())
              || "http".equalsIgnoreCase(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("url is no address");
    }
    throw new IllegalArgumentException("url does not begin with https://HOST or http://HOST");
  }

  private static WebhookTemplate template(Path file) {
    try {
      if (Files.size(file) > TEMPLATE_BYTES_MAX) {
        throw new IllegalArgumentException(
            "template %s is larger than %d bytes".formatted(file, TEMPLATE_BYTES_MAX));
      }
      return WebhookTemplate.parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException("template " + file + " cannot be read", e);
    }
  }
}
