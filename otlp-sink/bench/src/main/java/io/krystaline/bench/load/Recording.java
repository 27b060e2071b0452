package io.krystaline.bench.load;

import com.github.luben.zstd.ZstdInputStream;
import io.krystaline.engine.decode.JsonTranscoder;
import io.krystaline.engine.decode.Signal;
import io.krystaline.engine.decode.TranscodeResult;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The spans of a recording: OTLP JSON, a document a line as the collector's file exporter writes
 * it, plain, {@code .gz} or {@code .zst}. Spans without proper ids are left out.
 *
 * @param spans in the order of the file
 */
record Recording(List<Recorded> spans) {
  private static final int DOCUMENT_BYTES_MAX = 256 << 20;
  private static final int TRACE_ID_BYTES = 16;
  private static final int SPAN_ID_BYTES = 8;

  /**
   * One span.
   *
   * @param resource what it is of, without spans
   * @param scope what recorded it, without spans
   */
  record Recorded(ResourceSpans resource, ScopeSpans scope, Span span) {}

  Recording {
    spans = List.copyOf(spans);
  }

  /**
   * Reads a file.
   *
   * @param spansMax what comes after so many spans is left out
   * @throws IllegalArgumentException if a line is no OTLP JSON, or there is no span
   */
  static Recording read(Path file, int spansMax) {
    List<Recorded> spans = new ArrayList<>();
    JsonTranscoder transcoder = new JsonTranscoder(Signal.TRACES, DOCUMENT_BYTES_MAX);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = lines.readLine();
          line != null && spans.size() < spansMax;
          line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          add(spans, document(transcoder, file, number, line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be read", e);
    }
    if (spans.isEmpty()) {
      throw new IllegalArgumentException(file + " has no spans");
    }
    return new Recording(spans.subList(0, Math.min(spans.size(), spansMax)));
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    String name = file.toString();
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(in, 1 << 16);
    }
    return name.endsWith(".zst") ? new ZstdInputStream(in) : in;
  }

  private static ExportTraceServiceRequest document(
      JsonTranscoder transcoder, Path file, int number, String line) throws IOException {
    byte[] json = line.getBytes(StandardCharsets.UTF_8);
    return switch (transcoder.transcode(json, 0, json.length)) {
      case TranscodeResult.Transcoded(byte[] bytes, int length) ->
          ExportTraceServiceRequest.parseFrom(Arrays.copyOf(bytes, length));
      case TranscodeResult.Malformed(String message) ->
          throw new IllegalArgumentException(file + ", line " + number + ": " + message);
    };
  }

  private static void add(List<Recorded> spans, ExportTraceServiceRequest request) {
    for (ResourceSpans resource : request.getResourceSpansList()) {
      ResourceSpans bareResource = resource.toBuilder().clearScopeSpans().build();
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        ScopeSpans bareScope = scope.toBuilder().clearSpans().build();
        for (Span span : scope.getSpansList()) {
          if (span.getTraceId().size() == TRACE_ID_BYTES
              && span.getSpanId().size() == SPAN_ID_BYTES) {
            spans.add(new Recorded(bareResource, bareScope, span));
          }
        }
      }
    }
  }
}
