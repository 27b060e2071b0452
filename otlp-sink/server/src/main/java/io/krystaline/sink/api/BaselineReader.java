package io.krystaline.sink.api;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.Bucket;
import io.krystaline.engine.baseline.HourOfWeek;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.view.BaselineView;
import io.krystaline.sink.view.CurrentView;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.HoursView;
import io.krystaline.sink.view.PageView;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code baselines} and {@code baselines/{operation}/hours} from memory. Operations that
 * are still learning have no baseline and are left out of the list.
 */
final class BaselineReader {
  private static final String BY_KEY = "service";
  private static final List<String> SORTS =
      Stream.of(
              BY_KEY,
              "samples",
              "meanMillis",
              "p50Millis",
              "p95Millis",
              "p99Millis",
              "ratePerSecond")
          .flatMap(name -> Stream.of(name, "-" + name))
          .toList();

  private final ApiSettings settings;
  private final OperationDirectory directory;
  private final OperationFinder finder;
  private final InstantSource clock;

  BaselineReader(ApiSettings settings, OperationDirectory directory, InstantSource clock) {
    this.settings = settings;
    this.directory = directory;
    this.finder = new OperationFinder(directory);
    this.clock = clock;
  }

  private record Row(Operation operation, Baseline baseline, BaselineCursor place) {}

  PageView<BaselineView> list(HttpRequest request) {
    ApiParameters parameters =
        ApiParameters.of(
            request.query(), "service", "operation", "kind", "sort", "limit", "cursor");
    Optional<String> service = parameters.text("service");
    Optional<String> name = parameters.text("operation");
    Optional<SpanKind> kind = parameters.kind();
    String sort = parameters.word("sort", SORTS).orElse(BY_KEY);
    int limit = parameters.number("limit", 1, settings.itemsMax(), settings.itemsDefault());
    BaselineCursor cursor =
        parameters
            .read("cursor", "the nextCursor of a page", text -> BaselineCursor.decode(sort, text))
            .orElse(null);
    long nowNanos = EpochNanos.of(clock.instant());
    List<Row> rows = new ArrayList<>();
    for (Operation operation : directory.operations()) {
      if (service.map(operation.key().service()::equals).orElse(true)
          && name.map(operation.key().operation()::equals).orElse(true)
          && kind.map(operation.key().kind()::equals).orElse(true)) {
        row(operation, sort, nowNanos).ifPresent(rows::add);
      }
    }
    return page(rows, sort.startsWith("-"), cursor, limit, nowNanos);
  }

  private static Optional<Row> row(Operation operation, String sort, long nowNanos) {
    Baseline baseline = operation.baseline();
    if (baseline.isLearning()) {
      return Optional.empty();
    }
    return baseline
        .global()
        .map(
            all ->
                new Row(
                    operation,
                    baseline,
                    new BaselineCursor(
                        sort, value(operation, all, sort, nowNanos), operation.key())));
  }

  private static double value(Operation operation, Bucket all, String sort, long nowNanos) {
    return switch (sort.startsWith("-") ? sort.substring(1) : sort) {
      case "samples" -> all.samples();
      case "meanMillis" -> all.meanNanos();
      case "p50Millis" -> all.p50Nanos();
      case "p95Millis" -> all.p95Nanos();
      case "p99Millis" -> all.p99Nanos();
      case "ratePerSecond" -> operation.recent(nowNanos).spansPerSecond();
      default -> 0;
    };
  }

  private PageView<BaselineView> page(
      List<Row> rows, boolean falling, @Nullable BaselineCursor cursor, int limit, long nowNanos) {
    Comparator<BaselineCursor> order =
        falling ? BaselineCursor.ORDER.reversed() : BaselineCursor.ORDER;
    List<Row> found =
        rows.stream()
            .filter(row -> cursor == null || order.compare(row.place, cursor) > 0)
            .sorted(Comparator.comparing(Row::place, order))
            .limit(limit + 1L)
            .toList();
    List<Row> shown = found.subList(0, Math.min(limit, found.size()));
    int hour = HourOfWeek.of(HourSlice.epochHourOf(nowNanos), directory.settings().zone());
    List<BaselineView> items =
        shown.stream().flatMap(row -> view(row, hour, nowNanos).stream()).toList();
    return new PageView<>(items, found.size() > limit ? shown.getLast().place.encode() : null);
  }

  private static Optional<BaselineView> view(Row row, int hourOfWeek, long nowNanos) {
    Operation operation = row.operation;
    return BaselineView.of(operation.key(), row.baseline, operation.isProvisional())
        .map(
            view ->
                view.with(
                    CurrentView.of(operation.recent(nowNanos), row.baseline.resolve(hourOfWeek))));
  }

  HoursView hours(HttpRequest request) {
    ApiParameters parameters = ApiParameters.of(request.query(), "service", "kind");
    Operation operation =
        finder.find(
            request.pathParameter("operation"), parameters.text("service"), parameters.kind());
    return HoursView.of(operation.key(), operation.baseline(), directory.settings().zone());
  }
}
