package io.krystaline.bench.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes all figures as JSON: {@code settings} as given, {@code receivers} with {@code name},
 * {@code rounds} and {@code summary} (median, min, max of each figure), each round with its
 * threads, and with two receivers {@code timesBetter}. A figure that a receiver does not give is
 * absent. Stateless.
 */
public final class JsonReport {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonReport() {}

  /**
   * Writes a file.
   *
   * @param settings what was asked for, by name
   * @param receivers the rounds of each receiver
   * @throws UncheckedIOException if it can't be written
   */
  public static void write(
      Path file, Map<String, String> settings, List<List<RoundResult>> receivers) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode asked = root.putObject("settings");
    settings.forEach(asked::put);
    ArrayNode all = root.putArray("receivers");
    for (List<RoundResult> rounds : receivers) {
      ObjectNode receiver = all.addObject();
      receiver.put("name", rounds.getFirst().receiver());
      ArrayNode list = receiver.putArray("rounds");
      for (RoundResult round : rounds) {
        ObjectNode node = list.addObject();
        node.put("round", round.round());
        round.figures().forEach((figure, value) -> node.put(figure.key(), value));
        ObjectNode threads = node.putObject("threadCpuSecondsPerMillion");
        round.threads().forEach(threads::put);
        ArrayNode differences = node.putArray("differences");
        round.differences().forEach(differences::add);
      }
      spreads(receiver.putObject("summary"), Summary.of(rounds));
    }
    if (receivers.size() == 2) {
      spreads(
          root.putObject("timesBetter"), Summary.ratios(receivers.getFirst(), receivers.getLast()));
    }
    try {
      JSON.writeValue(file.toFile(), root);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be written", e);
    }
  }

  private static void spreads(ObjectNode parent, Map<Figure, Spread> spreads) {
    spreads.forEach(
        (figure, spread) -> {
          ObjectNode node = parent.putObject(figure.key());
          node.put("median", spread.median());
          node.put("min", spread.min());
          node.put("max", spread.max());
        });
  }
}
