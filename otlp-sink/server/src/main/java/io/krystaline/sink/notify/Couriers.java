package io.krystaline.sink.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Makes the courier of a channel. */
final class Couriers {
  private Couriers() {}

  /**
   * A courier that has not connected yet.
   *
   * @throws IllegalArgumentException if the settings do not fit together
   */
  static Courier of(
      ChannelSettings channel, NotifySettings settings, ObjectMapper mapper, InstantSource clock) {
    IncidentLinks links = new IncidentLinks(settings.link());
    return switch (channel.target()) {
      case ChannelTarget.Webhook target ->
          new WebhookCourier(
              target,
              channel.name(),
              links,
              sender(channel, target.certificates(), clock),
              mapper,
              clock);
      case ChannelTarget.Slack target ->
          new SlackCourier(target, links, sender(channel, target.certificates(), clock), mapper);
      case ChannelTarget.PagerDuty target ->
          new PagerDutyCourier(
              target, links, sender(channel, target.certificates(), clock), mapper);
      case ChannelTarget.Alertmanager target ->
          new AlertmanagerCourier(
              target, links, sender(channel, target.certificates(), clock), mapper, clock);
      case ChannelTarget.Mail target -> new MailCourier(target, channel.timeout(), links, clock);
    };
  }

  private static HttpSender sender(
      ChannelSettings channel, Optional<Path> certificates, InstantSource clock) {
    return new HttpSender(channel.timeout(), certificates, clock);
  }
}
