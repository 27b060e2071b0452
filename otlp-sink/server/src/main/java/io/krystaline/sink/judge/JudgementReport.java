package io.krystaline.sink.judge;

import java.time.temporal.ChronoUnit;
import java.util.Formatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a {@link Judgement} as text for a person: the windows as a table, then the figures. */
public final class JudgementReport {
  private static final String ROW = "%-14s %-20s %-16s %-22s %8s %5s  %s%n";

  private JudgementReport() {}

  /** The table of windows, the false incidents and the figures. */
  public static String text(Judgement judgement) {
    Formatter out = new Formatter(new StringBuilder(), Locale.ROOT);
    windows(judgement, out);
    falseOnes(judgement, out);
    figures(judgement, out);
    return out.toString();
  }

  private static void windows(Judgement judgement, Formatter out) {
    out.format(ROW, "fault", "start", "kind", "service", "found", "place", "suspects");
    for (Judgement.WindowVerdict window : judgement.windows()) {
      out.format(
          ROW,
          window.id(),
          window.start().truncatedTo(ChronoUnit.SECONDS),
          window.kind(),
          window.service(),
          found(window),
          window.rank() > 0 ? Integer.toString(window.rank()) : "-",
          String.join(", ", window.suspects()));
    }
  }

  private static String found(Judgement.WindowVerdict window) {
    if (!window.scorable()) {
      return "unjudged";
    }
    Double seconds = window.secondsToDetect();
    return seconds == null ? "MISSED" : String.format(Locale.ROOT, "%.0f s", seconds);
  }

  private static void falseOnes(Judgement judgement, Formatter out) {
    for (Judgement.FalseIncident one : judgement.falseOnes()) {
      out.format(
          "FALSE%s %s opened %s, %.0f s, suspects %s%n",
          one.touchesNothing() ? "" : " (strict)",
          one.incident(),
          one.detectedAt().truncatedTo(ChronoUnit.SECONDS),
          one.seconds(),
          String.join(", ", one.suspects()));
    }
  }

  private static void figures(Judgement judgement, Formatter out) {
    Judgement.Chance chance = judgement.chance();
    out.format(
        "%nfound %d of %d windows (%s); blind guesses would find %.1f%n",
        judgement.found(),
        judgement.scorableWindows(),
        percent(judgement.foundShare()),
        chance.found());
    out.format(
        "false incidents: %d, %s an hour; strict: %d, %s an hour; %.2f fault-free hours of %.2f"
            + " covered%n",
        judgement.falseIncidents(),
        number(judgement.falsePerHour(), "%.2f"),
        judgement.falseIncidentsStrict(),
        number(judgement.falsePerHourStrict(), "%.2f"),
        judgement.faultFreeHours(),
        judgement.coveredHours());
    out.format(
        "%d incidents; median length %s s, longest %s s, together %.0f s%n",
        judgement.incidents(),
        number(judgement.incidentSecondsMedian(), "%.0f"),
        number(judgement.incidentSecondsLongest(), "%.0f"),
        judgement.incidentSecondsTotal());
    out.format("median time to detect: %s s%n", number(judgement.secondsToDetectMedian(), "%.1f"));
    out.format(
        "of %d found, the service is suspect 1: %d, 1 to 3: %d, 1 to 5: %d; by chance %.0f, %.0f,"
            + " %.0f %% (%d services, from %s)%n",
        judgement.found(),
        judgement.top1(),
        judgement.top3(),
        judgement.top5(),
        100 * chance.top1(),
        100 * chance.top3(),
        100 * chance.top5(),
        chance.services(),
        chance.servicesFrom());
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static String number(@Nullable Double value, String format) {
    return value == null ? "-" : String.format(Locale.ROOT, format, value);
  }
}
