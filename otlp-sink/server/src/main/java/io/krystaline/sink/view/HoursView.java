package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
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
}
