package io.krystaline.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedLoadTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir private Path folder;

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] text(int traces) {
    return RecordingFiles.traces(traces).getBytes(StandardCharsets.UTF_8);
  }

  private static Load load(Path file, int connections) {
    return RecordedLoad.of(
        file, 16, Encoding.PROTOBUF, connections, 2, 5, new EventClock(() -> NOW));
  }

  private static List<Span> take(BatchPool pool) throws Exception {
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < pool.size(); i++) {
      Message message = pool.take().orElseThrow();
      for (ResourceSpans resource :
          ExportTraceServiceRequest.parseFrom(message.bytes()).getResourceSpansList()) {
        resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
      }
      pool.release(message);
    }
    return spans;
  }

  @Test
  void of_aRecording_isMovedToNow_withIdsOfItsOwn() throws Exception {
    Load load = load(file("r.jsonl", text(100)), 1);
    BatchPool pool = load.pools().getFirst();

    List<Span> first = take(pool);
    List<Span> second = take(pool);

    assertThat(load.operationCount()).isEqualTo(3);
    assertThat(load.operations()).contains(new SingleSpan.Of("shop", "GET /", 2));
    assertThat(first).hasSize(300);
    long now = NOW.getEpochSecond() * 1_000_000_000L;
    for (Span span : first) {
      if (span.getName().equals("GET /")) {
        assertThat(span.getEndTimeUnixNano()).isEqualTo(now);
        assertThat(span.getParentSpanId().isEmpty()).isTrue();
      } else {
        assertThat(span.getEndTimeUnixNano()).isLessThan(now).isGreaterThan(now - 100_000_000);
        assertThat(first)
            .filteredOn(other -> other.getSpanId().equals(span.getParentSpanId()))
            .singleElement()
            .satisfies(
                parent -> {
                  assertThat(parent.getTraceId()).isEqualTo(span.getTraceId());
                  assertThat(parent.getStartTimeUnixNano()).isLessThan(span.getStartTimeUnixNano());
                });
      }
      if (span.getName().equals("write")) {
        assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()).isEqualTo(20_000_000);
      }
    }
    Set<ByteString> ids = new HashSet<>();
    first.forEach(span -> ids.add(span.getSpanId()));
    second.forEach(span -> ids.add(span.getSpanId()));
    assertThat(ids).hasSize(600);
  }

  @Test
  void of_compressedFilesAndTwoConnections_holdTheSame() throws Exception {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(text(100));
    }
    for (Path file :
        List.of(
            file("r.jsonl.gz", gzip.toByteArray()),
            file("r.jsonl.zst", Zstd.compress(text(100))))) {
      Load load = load(file, 2);

      int spans = 0;
      for (BatchPool pool : load.pools()) {
        spans += take(pool).size();
      }
      assertThat(spans).isGreaterThanOrEqualTo(300);
    }
  }

  @Test
  void of_aShortRecording_isRepeatedUntilItFillsAConnection() throws Exception {
    Load load = load(file("r.jsonl", text(1)), 2);

    assertThat(load.pools()).allSatisfy(pool -> assertThat(pool.size()).isGreaterThanOrEqualTo(4));
  }

  @Test
  void of_wrongFiles_areRefused() throws Exception {
    Path empty = file("empty.jsonl", new byte[0]);
    Path wrong = file("wrong.jsonl", "\n{\"resourceSpans\":7}\n".getBytes(StandardCharsets.UTF_8));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(empty, 1))
        .withMessageContaining("no spans");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(wrong, 1))
        .withMessageContaining("line 2");
    assertThatThrownBy(() -> load(folder.resolve("none.jsonl"), 1))
        .isInstanceOf(UncheckedIOException.class);
  }
}
