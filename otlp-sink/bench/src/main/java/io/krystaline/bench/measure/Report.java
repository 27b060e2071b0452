package io.krystaline.bench.measure;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells people the figures, as lines of text. Used by one thread. */
public final class Report {
  private static final double THREAD_SECONDS_MIN = 0.005;

  private final PrintWriter out;

  /** A report that prints here. */
  public Report(PrintWriter out) {
    this.out = out;
  }

  /** One line of what a round gave, and one for each thing that does not add up. */
  public void round(RoundResult round) {
    String name = round.round() == 0 ? "warm-up " : "round %2d".formatted(round.round());
    StringBuilder line = new StringBuilder("%s  %-10s".formatted(name, round.receiver()));
    for (Figure figure :
        List.of(
            Figure.SPANS_PER_SECOND,
            Figure.CPU,
            Figure.DATABASE_CPU,
            Figure.CLIENT_CPU,
            Figure.ALLOCATED,
            Figure.ACK_P99,
            Figure.READABLE_P99)) {
      String value = round.figure(figure).map(Report::number).orElse("n/a");
      line.append("  ").append(figure.label().strip()).append(' ').append(value);
    }
    out.println(line);
    for (String difference : round.differences()) {
      out.println("          DOES NOT ADD UP: " + difference);
    }
    out.flush();
  }

  /** The median and range of each figure; with two receivers side by side, and how many times. */
  public void summary(List<List<RoundResult>> receivers) {
    out.println();
    StringBuilder head = new StringBuilder("%-26s".formatted("median (min..max)"));
    List<Map<Figure, Spread>> columns = new ArrayList<>();
    for (List<RoundResult> rounds : receivers) {
      head.append("  %-32s".formatted(rounds.getFirst().receiver()));
      columns.add(Summary.of(rounds));
    }
    if (receivers.size() == 2) {
      head.append("  times better");
      columns.add(Summary.ratios(receivers.getFirst(), receivers.getLast()));
    }
    out.println(head.toString().stripTrailing());
    for (Figure figure : Figure.values()) {
      if (columns.stream().anyMatch(column -> column.containsKey(figure))) {
        line(figure, columns);
      }
    }
    for (List<RoundResult> rounds : receivers) {
      threads(rounds);
    }
    out.flush();
  }

  /** The threads that count, of a receiver whose process is known. */
  private void threads(List<RoundResult> rounds) {
    Map<String, Spread> threads = new LinkedHashMap<>(Summary.threads(rounds));
    threads.values().removeIf(spread -> spread.median() < THREAD_SECONDS_MIN);
    if (!threads.isEmpty()) {
      out.println();
      out.println("CPU s/M spans by thread of " + rounds.getFirst().receiver());
      threads.forEach(
          (name, spread) ->
              out.println("  %-24s  %s".formatted(name, text(spread)).stripTrailing()));
    }
  }

  private void line(Figure figure, List<Map<Figure, Spread>> columns) {
    StringBuilder line = new StringBuilder("%-26s".formatted(figure.label()));
    for (Map<Figure, Spread> column : columns) {
      Spread spread = column.get(figure);
      line.append("  %-32s".formatted(spread == null ? "n/a" : text(spread)));
    }
    out.println(line.toString().stripTrailing());
  }

  private static String text(Spread spread) {
    return "%s (%s..%s)"
        .formatted(number(spread.median()), number(spread.min()), number(spread.max()));
  }

  /** Three digits that count, or whole thousands. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 100 || size == 0) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    if (size >= 10) {
      return String.format(Locale.ROOT, "%.1f", value);
    }
    return String.format(Locale.ROOT, size >= 1 ? "%.2f" : size >= 0.01 ? "%.3f" : "%.5f", value);
  }
}
