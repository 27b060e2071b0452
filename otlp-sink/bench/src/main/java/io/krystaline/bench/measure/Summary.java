package io.krystaline.bench.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Draws rounds together. Stateless. */
public final class Summary {
  private Summary() {}

  /** Each figure that some of these rounds have. */
  public static Map<Figure, Spread> of(List<RoundResult> rounds) {
    Map<Figure, Spread> summary = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      List<Double> values =
          rounds.stream().flatMap(round -> round.figure(figure).stream()).toList();
      if (!values.isEmpty()) {
        summary.put(figure, Spread.of(values));
      }
    }
    return summary;
  }

  /**
   * Processor time by thread, seconds per million spans, most first; a thread that a round does not
   * have used none.
   */
  public static Map<String, Spread> threads(List<RoundResult> rounds) {
    Map<String, Spread> spreads = new HashMap<>();
    rounds.stream()
        .flatMap(round -> round.threads().keySet().stream())
        .distinct()
        .forEach(
            name ->
                spreads.put(
                    name,
                    Spread.of(
                        rounds.stream()
                            .map(round -> round.threads().getOrDefault(name, 0.0))
                            .toList())));
    Map<String, Spread> ordered = new LinkedHashMap<>();
    spreads.entrySet().stream()
        .sorted(
            Comparator.comparingDouble(
                    (Map.Entry<String, Spread> entry) -> -entry.getValue().median())
                .thenComparing(Map.Entry::getKey))
        .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }

  /**
   * How many times better the one is than the other, figure by figure: each round is held against
   * the other's round of the same number, which ran right after it.
   */
  public static Map<Figure, Spread> ratios(List<RoundResult> one, List<RoundResult> other) {
    Map<Figure, Spread> ratios = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      List<Double> values = new ArrayList<>();
      for (int round = 0; round < Math.min(one.size(), other.size()); round++) {
        double ours = one.get(round).figure(figure).orElse(0.0);
        double theirs = other.get(round).figure(figure).orElse(0.0);
        if (ours > 0 && theirs > 0) {
          values.add(figure.better() == Figure.Better.HIGHER ? ours / theirs : theirs / ours);
        }
      }
      if (!values.isEmpty() && figure.better() != Figure.Better.NEITHER) {
        ratios.put(figure, Spread.of(values));
      }
    }
    return ratios;
  }
}
