package io.krystaline.sink.api;

import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.store.AnomalyFilter;
import io.krystaline.sink.store.AnomalyStore;
import io.krystaline.sink.store.TimeCount;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.HistoryView;
import io.krystaline.sink.view.SeverityCounts;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers {@code history}. May block on the store. */
final class HistoryReader {
  private static final Duration RANGE_DEFAULT = Duration.ofDays(1);
  private static final long ROWS_WANTED = 60;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Lengths of a row that read well on an axis, in seconds. */
  private static final long[] ROUND_SECONDS = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400
  };

  private static final long SECONDS_PER_DAY = 86_400;

  private final ApiSettings settings;
  private final AnomalyStore store;
  private final InstantSource clock;
  private final ZoneId zone;

  HistoryReader(ApiSettings settings, AnomalyStore store, InstantSource clock, ZoneId zone) {
    this.settings = settings;
    this.store = store;
    this.clock = clock;
    this.zone = zone;
  }

  HistoryView read(HttpRequest request) {
    ApiParameters parameters =
        ApiParameters.of(
            request.query(), "service", "operation", "minSeverity", "from", "until", "bucket");
    Optional<Instant> fromGiven = parameters.time("from").map(HistoryReader::inRange);
    Instant until =
        parameters
            .time("until")
            .map(HistoryReader::inRange)
            .orElseGet(
                () -> {
                  Instant now = clock.instant();
                  return fromGiven.filter(from -> !from.isBefore(now)).isPresent()
                      ? fromGiven.get().plus(RANGE_DEFAULT)
                      : now;
                });
    Instant from = fromGiven.orElseGet(() -> until.minus(RANGE_DEFAULT));
    AnomalyFilter filter =
        ApiParameters.between(parameters.filter(), Optional.of(from), Optional.of(until));
    long seconds = rowSeconds(parameters.wholeSeconds("bucket"), from, until);
    return history(filter, from, until, seconds);
  }

  /** No span is older than the epoch, and none later than what 64 bits of nanoseconds hold. */
  private static Instant inRange(Instant time) {
    return EpochNanos.toInstant(Math.max(0, EpochNanos.of(time)));
  }

  private long rowSeconds(Optional<Duration> given, Instant from, Instant until) {
    long range =
        Math.max(1, Duration.between(from, until).plusNanos(NANOS_PER_SECOND - 1).toSeconds());
    if (given.isEmpty()) {
      return roundSeconds(Math.ceilDiv(range, ROWS_WANTED));
    }
    long seconds = given.get().toSeconds();
    if (range / seconds >= settings.historyRowsMax()) {
      throw ApiParameters.bad(
          "the parameter bucket must be at least PT%dS, for at most %d rows"
              .formatted(range / settings.historyRowsMax() + 1, settings.historyRowsMax()));
    }
    return seconds;
  }

  private static long roundSeconds(long atLeast) {
    for (long seconds : ROUND_SECONDS) {
      if (seconds >= atLeast) {
        return seconds;
      }
    }
    return Math.ceilDiv(atLeast, SECONDS_PER_DAY) * SECONDS_PER_DAY;
  }

  private HistoryView history(AnomalyFilter filter, Instant from, Instant until, long seconds) {
    Map<Long, SeverityCounts> counts = new HashMap<>();
    for (TimeCount count : store.countByTime(filter, Duration.ofSeconds(seconds))) {
      counts.merge(
          count.startNanos() / NANOS_PER_SECOND,
          SeverityCounts.NONE.plus(count.severity().level(), count.count()),
          SeverityCounts::plus);
    }
    List<HistoryView.TimeCount> rows = new ArrayList<>();
    long total = 0;
    long second = from.getEpochSecond() / seconds * seconds;
    for (; Instant.ofEpochSecond(second).isBefore(until); second += seconds) {
      SeverityCounts found = counts.getOrDefault(second, SeverityCounts.NONE);
      rows.add(new HistoryView.TimeCount(Instant.ofEpochSecond(second), found.sum(), found));
      total += found.sum();
    }
    return new HistoryView(
        from,
        until,
        seconds,
        zone.getId(),
        total,
        rows,
        services(store.countByService(filter)),
        hours(store.countByHourOfWeek(filter, zone)),
        null);
  }

  private static List<HistoryView.ServiceCount> services(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> new HistoryView.ServiceCount(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparingLong(HistoryView.ServiceCount::total)
                .reversed()
                .thenComparing(HistoryView.ServiceCount::service))
        .toList();
  }

  private static List<HistoryView.HourCount> hours(List<Long> counts) {
    List<HistoryView.HourCount> hours = new ArrayList<>();
    for (int hour = 0; hour < counts.size(); hour++) {
      if (counts.get(hour) > 0) {
        hours.add(
            new HistoryView.HourCount(
                DayOfWeek.of(hour / 24 + 1).name(), hour % 24, counts.get(hour)));
      }
    }
    return hours;
  }
}
