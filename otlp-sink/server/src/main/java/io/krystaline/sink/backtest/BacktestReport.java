package io.krystaline.sink.backtest;

import io.krystaline.engine.incident.Incident;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.IncidentView;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a backtest found, as JSON and as text.
 *
 * @param history {@code recorded} or {@code stored}
 * @param answers what this can and can't answer, one sentence each
 * @param both faults that fire under both configurations
 * @param onlyCurrent incidents that the changed configuration does not have
 * @param onlyChanged incidents that only the changed configuration has
 */
public record BacktestReport(
    String history,
    List<String> answers,
    ConfigurationView current,
    ConfigurationView changed,
    List<PairView> both,
    List<IncidentView> onlyCurrent,
    List<IncidentView> onlyChanged) {
  private static final int TITLE_CHARACTERS = 60;
  private static final String HEADER =
      "  %-16s  %-20s  %-4s  %-60s  %s%n".formatted("id", "start", "sev", "title", "first suspect");

  /** What a replay of recordings answers. */
  public static final List<String> OF_RECORDINGS =
      List.of(
          "Both configurations saw the same recordings from the start, in event time, as 'score'"
              + " does.",
          "Spans that were not recorded are unknown to both.");

  /** What a second look at kept incidents answers. */
  public static final List<String> OF_STORED =
      List.of(
          "Looks again at the evidence kept with incidents: which of them would not have fired, or"
              + " with fewer streams, under another budget or under rules.",
          "Does not find what never was an incident: for a more sensitive configuration, replay a"
              + " recording.",
          "Times, titles and suspects are those of the incident as it was; it might have opened"
              + " later.",
          "Takes 'current' as the budget that the incidents were detected with; rules about one"
              + " operation are not applied.");

  public BacktestReport {
    answers = List.copyOf(answers);
    both = List.copyOf(both);
    onlyCurrent = List.copyOf(onlyCurrent);
    onlyChanged = List.copyOf(onlyChanged);
  }

  /**
   * A configuration in short.
   *
   * @param rules how many are in force
   * @param settings what was set for it alone, by key
   */
  public record ConfigurationView(
      double falseIncidentsPerDay, int rules, Map<String, String> settings) {
    public ConfigurationView {
      settings = Map.copyOf(settings);
    }
  }

  /** One fault under both configurations. */
  public record PairView(IncidentView current, IncidentView changed) {}

  /** The report of a comparison. */
  public static BacktestReport of(
      String history,
      List<String> answers,
      ConfigurationView current,
      ConfigurationView changed,
      Comparison comparison) {
    return new BacktestReport(
        history,
        answers,
        current,
        changed,
        comparison.both().stream()
            .map(pair -> new PairView(view(pair.current()), view(pair.changed())))
            .toList(),
        comparison.onlyCurrent().stream().map(BacktestReport::view).toList(),
        comparison.onlyChanged().stream().map(BacktestReport::view).toList());
  }

  private static IncidentView view(Incident incident) {
    return IncidentView.of(incident);
  }

  /** For a person. */
  public String text() {
    StringBuilder text = new StringBuilder(1_024);
    text.append(line("current", current)).append(line("changed", changed)).append('\n');
    text.append(HEADER).append("fire under both: ").append(both.size()).append('\n');
    both.forEach(pair -> text.append(row(pair.current)).append(difference(pair)).append('\n'));
    section(text, "fire only under the current configuration", onlyCurrent);
    section(text, "fire only under the changed configuration", onlyChanged);
    text.append('\n');
    answers.forEach(answer -> text.append(answer).append('\n'));
    return text.toString();
  }

  private static String line(String name, ConfigurationView configuration) {
    return "%s: %s false incidents per day, %d rules%n"
        .formatted(
            name,
            Double.toString(configuration.falseIncidentsPerDay).replaceAll("\\.0$", ""),
            configuration.rules);
  }

  private static void section(StringBuilder text, String title, List<IncidentView> incidents) {
    text.append(title).append(": ").append(incidents.size()).append('\n');
    incidents.forEach(incident -> text.append(row(incident)).append('\n'));
  }

  private static String row(IncidentView incident) {
    String title = incident.title();
    return String.format(
        Locale.ROOT,
        "  %s  %s  SEV%d  %-" + TITLE_CHARACTERS + "s  %s",
        incident.id(),
        incident.start().truncatedTo(ChronoUnit.SECONDS),
        incident.severity(),
        title.length() > TITLE_CHARACTERS ? title.substring(0, TITLE_CHARACTERS - 1) + "…" : title,
        incident.suspects().isEmpty() ? "-" : incident.suspects().getFirst().service());
  }

  private static String difference(PairView pair) {
    IncidentView was = pair.current;
    IncidentView now = pair.changed;
    StringBuilder text = new StringBuilder();
    long nanos = EpochNanos.of(now.detectedAt()) - EpochNanos.of(was.detectedAt());
    if (nanos != 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "  detected %.1f s %s",
              Math.abs(nanos) / 1e9,
              nanos > 0 ? "later" : "sooner"));
    }
    if (was.severity() != now.severity()) {
      text.append("  SEV").append(now.severity());
    }
    if (was.evidence().size() != now.evidence().size()) {
      text.append("  %d streams, not %d".formatted(now.evidence().size(), was.evidence().size()));
    }
    return text.toString();
  }
}
