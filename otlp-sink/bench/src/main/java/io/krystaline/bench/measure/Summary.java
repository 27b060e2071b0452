package io.krystaline.bench.measure;

import java.util.ArrayList;
import java.util.EnumMap;
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
