package io.krystaline.sink.notify;

import io.krystaline.platform.telemetry.Metrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.Locale;

/** What became of notifications: {@code krystaline_sink_notifications_total{channel,outcome}}. */
final class NotificationCounters {
  private static final AttributeKey<String> CHANNEL = AttributeKey.stringKey("channel");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");

  /** What can become of one. */
  enum Outcome {
    /** Written into the outbox. */
    QUEUED,
    /** The receiver took it. */
    DELIVERED,
    /** An attempt failed; another follows. */
    FAILED,
    /** Given up. */
    DEAD,
    /** Held back by the channel's rate. */
    RATE_LIMITED,
    /** Not told, because somebody silenced it; the channel is {@code all}. */
    SILENCED,
    /** Not kept, because too many wait. */
    OVERFLOWED
  }

  /** In place of a channel where none is meant. */
  static final String ALL = "all";

  private final LongCounter counter;

  NotificationCounters(Metrics metrics) {
    counter =
        metrics.counter(
            "krystaline.sink.notifications", "Notifications of incidents, by what became of them");
  }

  void count(String channel, Outcome outcome, long count) {
    if (count > 0) {
      counter.add(
          count, Attributes.of(CHANNEL, channel, OUTCOME, outcome.name().toLowerCase(Locale.ROOT)));
    }
  }
}
