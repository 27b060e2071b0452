package io.krystaline.sink.selftest;

import io.krystaline.sink.judge.Judgement;
import io.krystaline.sink.judge.JudgementReport;
import java.util.Formatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a {@link SelfTestResult} as text for a person. */
public final class SelfTestReport {
  private SelfTestReport() {}

  /** Faults one by one, then by kind, then the rates and the verdict. */
  public static String text(SelfTestResult result) {
    Formatter out = new Formatter(new StringBuilder(), Locale.ROOT);
    Judgement judgement = result.judgement();
    out.format("%s%n", JudgementReport.text(judgement));
    kinds(judgement, out);
    out.format(
        "%nprecision %s, recall %s, median time to detect %s s, first suspect right in %d of %d,"
            + " %d repeated incidents%n",
        percent(result.precision()),
        percent(judgement.foundShare()),
        seconds(judgement.secondsToDetectMedian()),
        judgement.top1(),
        judgement.found(),
        result.repeated());
    rate("all fault-free hours", result.falseIncidents(), result, out);
    rate("clean hours alone", result.cleanFalseIncidents(), result, out);
    out.format(
        "%,d spans, %.0f simulated hours in %.0f s (%,.0f spans/s), seed %d%n",
        result.spans(),
        result.simulatedHours(),
        result.seconds(),
        result.spansPerSecond(),
        result.settings().seed());
    if (result.passed()) {
      out.format("PASSED%n");
    } else {
      out.format("FAILED: %s%n", String.join("; ", result.failures()));
    }
    return out.toString();
  }

  private static void kinds(Judgement judgement, Formatter out) {
    out.format(
        "%-18s %7s %6s %12s %14s%n", "kind", "windows", "found", "median s", "first suspect");
    for (Judgement.KindFigures kind : judgement.kinds()) {
      out.format(
          "%-18s %7d %6d %12s %14d%n",
          kind.kind(),
          kind.windows(),
          kind.found(),
          seconds(kind.secondsToDetectMedian()),
          kind.top1());
    }
  }

  private static void rate(
      String name, SelfTestResult.FalseRate rate, SelfTestResult result, Formatter out) {
    out.format(
        "false incidents, %s: %d in %.1f h, %.2f a day (95 %% interval %.2f to %.2f), budget"
            + " %.2f%n",
        name,
        rate.count(),
        rate.hours(),
        rate.perDay(),
        rate.perDayLower(),
        rate.perDayUpper(),
        result.settings().falseIncidentsPerDay());
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String seconds(@Nullable Double seconds) {
    return seconds == null ? "-" : String.format(Locale.ROOT, "%.1f", seconds);
  }
}
