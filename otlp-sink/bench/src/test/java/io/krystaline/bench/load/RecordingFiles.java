package io.krystaline.bench.load;

/** Makes recordings, as a collector's file exporter writes them. */
public final class RecordingFiles {
  private RecordingFiles() {}

  /** Traces of a root and two children in two services, of one hour in 2024, a trace a line. */
  public static String traces(int count) {
    StringBuilder lines = new StringBuilder();
    for (int trace = 0; trace < count; trace++) {
      long start = 1_720_000_000_000_000_000L + trace * 9_000_000_000L;
      lines
          .append("{\"resourceSpans\":[")
          .append(resource("shop", trace, start))
          .append(',')
          .append(resource("store", trace, start))
          .append("]}\n");
    }
    return lines.toString();
  }

  private static String resource(String service, int trace, long start) {
    boolean root = service.equals("shop");
    String spans =
        root
            ? span(trace, 1, 0, "GET /", start, 50_000_000 + trace % 40 * 1_000_000L)
            : span(trace, 2, 1, "read", start + 2_000_000, 9_000_000 + trace % 30 * 100_000L)
                + ","
                + span(trace, 3, 1, "write", start + 14_000_000, 20_000_000);
    return ("{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\""
            + service
            + "\"}}]},\"scopeSpans\":[{\"scope\":{\"name\":\"s\"},\"spans\":[")
        + spans
        + "]}]}";
  }

  private static String span(
      int trace, int number, int parent, String name, long start, long duration) {
    String parentId =
        parent == 0 ? "" : "\"parentSpanId\":\"%016x\",".formatted(trace * 8 + parent);
    return ("{\"traceId\":\"%032x\",\"spanId\":\"%016x\",%s\"name\":\"%s\",\"kind\":2,"
            + "\"startTimeUnixNano\":\"%d\",\"endTimeUnixNano\":\"%d\"}")
        .formatted(trace + 1, trace * 8 + number, parentId, name, start, start + duration);
  }
}
