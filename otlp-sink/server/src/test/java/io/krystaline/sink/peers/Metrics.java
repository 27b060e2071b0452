package io.krystaline.sink.peers;

import java.util.Arrays;

/**
 * A program's metrics in Prometheus text form, read once.
 *
 * @param text lines such as {@code spans_received_total{transport="grpc"} 12}
 */
record Metrics(String text) {

  /**
   * The sum over all series of a counter or gauge; 0 where there is none.
   *
   * @param name the whole name, without labels
   * @param labels what each counted series must carry, such as {@code transport="grpc"}
   */
  long sum(String name, String... labels) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Arrays.stream(labels).allMatch(line::contains))
        .mapToLong(Metrics::value)
        .sum();
  }

  private static long value(String line) {
    String afterLabels = line.substring(Math.max(line.lastIndexOf('}'), line.indexOf(' ')) + 1);
    return (long) Double.parseDouble(afterLabels.strip().split(" ", 2)[0]);
  }
}
