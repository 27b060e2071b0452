package io.krystaline.bench.measure;

/**
 * A program's metrics in Prometheus text form, read once.
 *
 * @param text lines such as {@code krystaline_sink_spans_received_total{transport="grpc"} 12}
 */
record MetricsText(String text) {

  /** The sum over all series of a counter or gauge; 0 where there is none. */
  long sum(String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToLong(MetricsText::value)
        .sum();
  }

  private static long value(String line) {
    String afterLabels = line.substring(Math.max(line.lastIndexOf('}'), line.indexOf(' ')) + 1);
    return (long) Double.parseDouble(afterLabels.strip().split(" ", 2)[0]);
  }
}
