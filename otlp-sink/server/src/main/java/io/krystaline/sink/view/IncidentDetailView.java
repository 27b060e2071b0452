package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.krystaline.sink.store.Exclusion;
import io.krystaline.sink.store.IncidentEntry;
import io.krystaline.sink.store.StoredIncident;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One incident with everything that is kept of it.
 *
 * @param comments what people said, the oldest first
 * @param changes its whole log, the oldest entry first
 * @param exclusions intervals that were taken out of the baselines because of it
 * @param links where to go from here
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record IncidentDetailView(
    @JsonUnwrapped IncidentItemView item,
    List<CommentView> comments,
    List<ChangeView> changes,
    List<ExclusionView> exclusions,
    LinksView links) {
  public IncidentDetailView {
    comments = List.copyOf(comments);
    changes = List.copyOf(changes);
    exclusions = List.copyOf(exclusions);
  }

  /** What somebody said. */
  public record CommentView(String by, Instant at, String text) {}

  /**
   * A line of the log.
   *
   * @param change lower-case name of what happened, for example {@code opened}
   * @param at when it was written down
   * @param eventTime the event time of what the sink found; null where a person did it
   * @param by null where the sink did it
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record ChangeView(
      String change, Instant at, @Nullable Instant eventTime, @Nullable String by, String text) {
    static ChangeView of(IncidentEntry entry) {
      Long eventNanos = entry.eventNanos();
      return new ChangeView(
          entry.action().name().toLowerCase(Locale.ROOT),
          entry.recorded(),
          eventNanos == null ? null : EpochNanos.toInstant(eventNanos),
          entry.by(),
          entry.text());
    }
  }

  /**
   * Paths on this server.
   *
   * @param sampleTraces traces that show it; one that is not kept any more answers 404
   * @param normalTraces traces of the same operations that do not
   */
  public record LinksView(String self, List<String> sampleTraces, List<String> normalTraces) {
    public LinksView {
      sampleTraces = List.copyOf(sampleTraces);
      normalTraces = List.copyOf(normalTraces);
    }
  }

  /** The view of an incident. */
  public static IncidentDetailView of(
      StoredIncident stored,
      boolean silenced,
      List<IncidentEntry> entries,
      List<Exclusion> exclusions,
      LinksView links) {
    return new IncidentDetailView(
        IncidentItemView.of(stored, silenced),
        entries.stream()
            .filter(entry -> entry.action() == IncidentEntry.Action.COMMENTED)
            .map(entry -> new CommentView(text(entry.by()), entry.recorded(), entry.text()))
            .toList(),
        entries.stream().map(ChangeView::of).toList(),
        exclusions.stream().map(ExclusionView::of).toList(),
        links);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
