package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many anomalies there were, over time and by what. All counts are of the anomalies that the
 * filters let through, by start time.
 *
 * @param items one row per bucket of time, oldest first, also where nothing was found
 * @param services most anomalies first
 * @param hoursOfWeek the hours of the week that have any, Monday 00:00 first
 * @param nextCursor always null: a history is one page
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record HistoryView(
    Instant from,
    Instant until,
    long bucketSeconds,
    String zone,
    long total,
    List<TimeCount> items,
    List<ServiceCount> services,
    List<HourCount> hoursOfWeek,
    @Nullable String nextCursor) {
  public HistoryView {
    items = List.copyOf(items);
    services = List.copyOf(services);
    hoursOfWeek = List.copyOf(hoursOfWeek);
  }

  /** Anomalies that started in [time, time + bucket). */
  public record TimeCount(Instant time, long total, SeverityCounts severities) {}

  /** Anomalies of one service. */
  public record ServiceCount(String service, long total) {}

  /**
   * Anomalies of one hour of the week, in the zone of the baselines.
   *
   * @param day {@code MONDAY} to {@code SUNDAY}
   * @param hour 0 to 23
   */
  public record HourCount(String day, int hour, long total) {}
}
