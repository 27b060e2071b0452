package io.krystaline.sink.notify;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where a channel leads, and what it needs to get there. No text of one shows a secret. */
public sealed interface ChannelTarget {

  /**
   * Any HTTP receiver of JSON.
   *
   * @param url may hold a secret
   * @param secret of the signature; unsigned without
   * @param token shown as a bearer token
   * @param template of the body; the documented one without
   * @param certificates authorities to trust instead of the platform's, PEM
   */
  record Webhook(
      URI url,
      Optional<String> secret,
      Optional<String> token,
      Optional<WebhookTemplate> template,
      Optional<Path> certificates)
      implements ChannelTarget {
    @Override
    public String toString() {
      return "webhook at " + HttpSender.place(url);
    }
  }

  /** A webhook that takes Slack's messages: Slack, Mattermost, Rocket.Chat and others. */
  record Slack(URI url, Optional<Path> certificates) implements ChannelTarget {
    @Override
    public String toString() {
      return "slack at " + HttpSender.place(url);
    }
  }

  /** PagerDuty's Events API, version 2. */
  record PagerDuty(URI url, String routingKey, Optional<Path> certificates)
      implements ChannelTarget {
    /** PagerDuty's own; another for its service region of Europe. */
    public static final URI DEFAULT_URL = URI.create("https://events.pagerduty.com/v2/enqueue");

    @Override
    public String toString() {
      return "pagerduty at " + HttpSender.place(url);
    }
  }

  /**
   * Prometheus Alertmanager, API version 2.
   *
   * @param url without {@code /api/v2/alerts}
   * @param remindInterval how often open incidents are sent again, as Alertmanager forgets them
   */
  record Alertmanager(
      URI url, Optional<String> token, Duration remindInterval, Optional<Path> certificates)
      implements ChannelTarget {
    @Override
    public String toString() {
      return "alertmanager at " + HttpSender.place(url);
    }
  }

  /** How the connection to a mail server is protected. */
  enum MailTls {
    /** Plain at first, then TLS or nothing. */
    STARTTLS,
    /** TLS from the first byte. */
    TLS,
    /** Plain text. */
    NONE
  }

  /** A mail server. */
  record Mail(
      String host,
      int port,
      MailTls tls,
      Optional<String> user,
      Optional<String> password,
      String from,
      List<String> to,
      Optional<Path> certificates)
      implements ChannelTarget {
    public Mail {
      to = List.copyOf(to);
      if (to.isEmpty()) {
        throw new IllegalArgumentException("to names nobody");
      }
      if (user.isPresent() != password.isPresent()) {
        throw new IllegalArgumentException("user and password are set together or not at all");
      }
      if (password.isPresent() && tls == MailTls.NONE) {
        throw new IllegalArgumentException("a password is not sent in plain text: set tls");
      }
    }

    @Override
    public String toString() {
      return "mail through " + host + ":" + port;
    }
  }
}
