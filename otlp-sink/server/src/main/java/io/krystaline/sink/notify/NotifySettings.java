package io.krystaline.sink.notify;

import io.krystaline.platform.config.ConfigException;
import io.krystaline.platform.config.ConfigSection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How incidents are carried to people.
 *
 * @param channels the ways; none by default
 * @param groupBy what makes incidents of P1 and P2 one message; the service
 * @param groupWait how long the first of a group waits for others; 30 seconds
 * @param batchMax incidents of one message; 20
 * @param link address of an incident for people, with {@code {id}} for its id; none by default
 * @param backoff between attempts; from 1 second to 5 minutes
 * @param attemptsMax after so many failures it is given up; 30
 * @param ageMax after so long it is given up; 24 hours
 * @param pendingMax notifications of one channel that wait; 10,000
 * @param changesMax changes of incidents that wait to be written down; 10,000
 * @param pollInterval how often is looked for what is due; 1 second
 * @param keep how long what was delivered or given up is kept; 7 days
 */
public record NotifySettings(
    List<ChannelSettings> channels,
    GroupBy groupBy,
    Duration groupWait,
    int batchMax,
    Optional<String> link,
    Backoff backoff,
    int attemptsMax,
    Duration ageMax,
    int pendingMax,
    int changesMax,
    Duration pollInterval,
    Duration keep) {
  private static final int CHANNELS_MAX = 20;

  /** What incidents of one message have in common. */
  public enum GroupBy {
    SERVICE,
    USE_CASE
  }

  public NotifySettings {
    channels = List.copyOf(channels);
    if (channels.size() > CHANNELS_MAX) {
      throw new IllegalArgumentException(
          "%d channels, at most %d are served".formatted(channels.size(), CHANNELS_MAX));
    }
    if (groupWait.isNegative() || !pollInterval.isPositive() || !ageMax.isPositive()) {
      throw new IllegalArgumentException(
          "group-wait %s must not be negative, poll-interval %s and age-max %s must be positive"
              .formatted(groupWait, pollInterval, ageMax));
    }
    if (batchMax < 1 || attemptsMax < 1 || pendingMax < 1 || changesMax < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
    if (link.isPresent() && !link.get().contains("{id}")) {
      throw new IllegalArgumentException("notify.link has no {id} in it: " + link.get());
    }
  }

  /** These channels, and defaults for the rest. */
  public static NotifySettings of(List<ChannelSettings> channels) {
    return new NotifySettings(
        channels,
        GroupBy.SERVICE,
        Duration.ofSeconds(30),
        20,
        Optional.empty(),
        new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5)),
        30,
        Duration.ofHours(24),
        10_000,
        10_000,
        Duration.ofSeconds(1),
        Duration.ofDays(7));
  }

  /**
   * Reads {@code notify.*}.
   *
   * @throws ConfigException if a value is refused
   */
  public static NotifySettings from(ConfigSection section) {
    NotifySettings defaults = of(List.of());
    try {
      return new NotifySettings(
          channels(section),
          section.choice("group-by", defaults.groupBy()),
          section.duration("group-wait", defaults.groupWait(), Duration.ZERO, Duration.ofHours(1)),
          section.integer("batch", defaults.batchMax(), 1, 40),
          section.optionalText("link"),
          defaults.backoff(),
          section.integer("attempts", defaults.attemptsMax(), 1, 1_000),
          section.duration("age", defaults.ageMax(), Duration.ofMinutes(1), Duration.ofDays(30)),
          section.integer("pending", defaults.pendingMax(), 1, 1_000_000),
          defaults.changesMax(),
          defaults.pollInterval(),
          section.duration("keep", defaults.keep(), Duration.ofHours(1), Duration.ofDays(366)));
    } catch (ConfigException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ConfigException("notify: " + e.getMessage(), e);
    }
  }

  private static List<ChannelSettings> channels(ConfigSection section) {
    List<ChannelSettings> channels = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String name : section.list("channels", List.of())) {
      if (!name.matches("[a-z][a-z0-9-]{0,62}")) {
        throw new ConfigException(
            "notify.channels names '%s', expected lower-case letters, digits and hyphens"
                .formatted(name));
      }
      if (!names.add(name)) {
        throw new ConfigException("notify.channels names " + name + " twice");
      }
      channels.add(ChannelSettings.from(section.section("channel").section(name), name));
    }
    return channels;
  }
}
