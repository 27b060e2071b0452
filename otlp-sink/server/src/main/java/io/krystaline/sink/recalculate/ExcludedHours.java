package io.krystaline.sink.recalculate;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.sink.store.Exclusion;
import io.krystaline.sink.store.HourRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The hours that no baseline may be made of, by operation. Immutable once it is made. */
final class ExcludedHours {
  private record Range(long first, long last) {
    boolean contains(long hour) {
      return hour >= first && hour <= last;
    }
  }

  private final Map<OperationKey, List<Range>> byOperation = new HashMap<>();
  private final Map<String, List<Range>> byService = new HashMap<>();

  ExcludedHours(List<Exclusion> exclusions) {
    for (Exclusion exclusion : exclusions) {
      Range range = new Range(exclusion.firstEpochHour(), exclusion.lastEpochHour());
      for (OperationKey operation : exclusion.operations()) {
        byOperation.computeIfAbsent(operation, key -> new ArrayList<>()).add(range);
      }
      if (exclusion.operations().isEmpty()) {
        for (String service : exclusion.services()) {
          byService.computeIfAbsent(service, key -> new ArrayList<>()).add(range);
        }
      }
    }
  }

  /** The hours that are left. */
  List<HourRow> without(OperationKey operation, List<HourRow> hours) {
    List<Range> own = byOperation.getOrDefault(operation, List.of());
    List<Range> wide = byService.getOrDefault(operation.service(), List.of());
    if (own.isEmpty() && wide.isEmpty()) {
      return hours;
    }
    return hours.stream()
        .filter(
            row ->
                own.stream().noneMatch(range -> range.contains(row.epochHour()))
                    && wide.stream().noneMatch(range -> range.contains(row.epochHour())))
        .toList();
  }
}
