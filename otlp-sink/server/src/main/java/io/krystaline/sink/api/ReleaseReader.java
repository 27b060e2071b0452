package io.krystaline.sink.api;

import io.krystaline.engine.release.ReleaseState;
import io.krystaline.engine.release.Verdict;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.view.PageView;
import io.krystaline.sink.view.ReleaseView;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers {@code releases} from the detector's memory, the versions that were met last first. */
final class ReleaseReader {
  private static final List<String> VERDICTS =
      Arrays.stream(Verdict.values())
          .map(verdict -> verdict.name().toLowerCase(Locale.ROOT))
          .toList();

  private final ApiSettings settings;
  private final Supplier<List<ReleaseState>> releases;

  ReleaseReader(ApiSettings settings, Supplier<List<ReleaseState>> releases) {
    this.settings = settings;
    this.releases = releases;
  }

  PageView<ReleaseView> list(HttpRequest request) {
    ApiParameters parameters =
        ApiParameters.of(request.query(), "service", "verdict", "limit", "cursor");
    Optional<String> service = parameters.text("service");
    Optional<String> verdict = parameters.word("verdict", VERDICTS);
    int limit = parameters.number("limit", 1, settings.itemsMax(), settings.itemsDefault());
    Optional<ReleaseCursor> cursor =
        parameters.read("cursor", "the nextCursor of a page", ReleaseCursor::decode);
    List<ReleaseState> found =
        releases.get().stream()
            .filter(state -> service.map(state.service()::equals).orElse(true))
            .filter(
                state ->
                    verdict
                        .map(state.verdict().name().toLowerCase(Locale.ROOT)::equals)
                        .orElse(true))
            .filter(state -> cursor.map(place -> place.isBefore(state)).orElse(true))
            .sorted(ReleaseCursor.LATEST_FIRST)
            .limit(limit + 1L)
            .toList();
    List<ReleaseState> shown = found.subList(0, Math.min(limit, found.size()));
    return new PageView<>(
        shown.stream().map(ReleaseView::of).toList(),
        found.size() > limit ? ReleaseCursor.of(shown.getLast()).encode() : null);
  }
}
