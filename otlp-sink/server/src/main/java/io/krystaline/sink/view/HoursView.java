package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.HourOfWeek;
import io.krystaline.engine.span.OperationKey;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The week of one operation.
 *
 * @param zone the time zone that the hours are of
 * @param items 168 rows, Monday 00:00 first
 * @param nextCursor always null: a week is one page
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record HoursView(
    String id,
    String service,
    String operation,
    String kind,
    String zone,
    List<HourBucketView> items,
    @Nullable String nextCursor) {
  public HoursView {
    items = List.copyOf(items);
  }

  /** The week of an operation. */
  public static HoursView of(OperationKey key, Baseline baseline, ZoneId zone) {
    return new HoursView(
        OperationId.of(key),
        key.service(),
        key.operation(),
        key.kind().name(),
        zone.getId(),
        IntStream.range(0, HourOfWeek.HOURS)
            .mapToObj(hour -> HourBucketView.of(baseline, hour))
            .toList(),
        null);
  }
}
