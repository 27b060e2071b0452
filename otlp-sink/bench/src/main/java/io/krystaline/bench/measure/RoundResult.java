package io.krystaline.bench.measure;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one round gave.
 *
 * @param receiver the name of what was measured
 * @param round its number, from 1; 0 in the warm-up
 * @param figures what could be measured
 * @param threads processor time of the receiver's threads by name, seconds per million spans
 * @param differences what does not add up; empty where all does
 */
public record RoundResult(
    String receiver,
    int round,
    Map<Figure, Double> figures,
    Map<String, Double> threads,
    List<String> differences) {
  public RoundResult {
    Map<Figure, Double> copy = new EnumMap<>(Figure.class);
    copy.putAll(figures);
    figures = Collections.unmodifiableMap(copy);
    threads = Map.copyOf(threads);
    differences = List.copyOf(differences);
  }

  /** A figure; empty where this receiver does not give it. */
  public Optional<Double> figure(Figure figure) {
    return Optional.ofNullable(figures.get(figure));
  }
}
