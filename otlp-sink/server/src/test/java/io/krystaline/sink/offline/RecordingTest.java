package io.krystaline.sink.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  @TempDir private Path folder;

  private final Collector seen = new Collector();

  @Test
  void read_jsonLines_givesEachLine_andSkipsBlankOnes() throws IOException {
    read("{\"a\":1}\n\n{\"b\":\"}{\"}\r\n{\"c\":3}");

    assertThat(seen.json).containsExactly("1:{\"a\":1}", "3:{\"b\":\"}{\"}", "4:{\"c\":3}");
  }

  @Test
  void read_corruptLine_isGivenAsItIs_andTheRestFollows() throws IOException {
    read("{\"a\":1}\n{\"b\":[\n{\"c\":3}\n");

    assertThat(seen.json).containsExactly("1:{\"a\":1}", "2:{\"b\":[", "3:{\"c\":3}");
  }

  @Test
  void read_corruptFirstLine_costsThatLineOnly() throws IOException {
    read("{\"a\":[\n{\"b\":2}\n{\"c\":3}\n");

    assertThat(seen.json).containsExactly("1:{\"a\":[", "2:{\"b\":2}", "3:{\"c\":3}");
  }

  @Test
  void read_singleDocumentOverManyLines_isOneDocument() throws IOException {
    read("\n{\n  \"a\": [\n    1\n  ]\n}\n");

    assertThat(seen.json).containsExactly("2:{\n  \"a\": [\n    1\n  ]\n}");
  }

  @Test
  void read_lineOverTheLimit_isNamed_andTheRestFollows() throws IOException {
    read("{\"a\":1}\n{\"b\":\"" + "x".repeat(2_000) + "\"}\n{\"c\":3}\n");

    assertThat(seen.json).containsExactly("1:{\"a\":1}", "3:{\"c\":3}");
    assertThat(seen.unreadable).containsExactly("line 2: longer than 1000 bytes");
  }

  @Test
  void read_longLinesOverManyChunks_areWhole() throws IOException {
    String line = "{\"a\":\"" + "x".repeat(200_000) + "\"}";
    Path file = write("long.json", (line + "\n" + line).getBytes(StandardCharsets.UTF_8));
    new Recording(file, 1 << 20).read(seen);

    assertThat(seen.json).containsExactly("1:" + line, "2:" + line);
  }

  @Test
  void read_emptyAndBlankFiles_giveNothing() throws IOException {
    read("");
    read("\n \n");

    assertThat(seen.json).isEmpty();
    assertThat(seen.unreadable).isEmpty();
  }

  @Test
  void read_gzipOfSeveralMembers_andZstdOfSeveralFrames_areReadWhole() throws IOException {
    byte[] first = "{\"a\":1}\n".getBytes(StandardCharsets.UTF_8);
    byte[] second = "{\"b\":2}\n".getBytes(StandardCharsets.UTF_8);
    new Recording(write("x", concat(gzip(first), gzip(second))), 1_000).read(seen);
    new Recording(write("y", concat(Zstd.compress(first), Zstd.compress(second))), 1_000)
        .read(seen);

    assertThat(seen.json)
        .containsExactly("1:{\"a\":1}", "2:{\"b\":2}", "1:{\"a\":1}", "2:{\"b\":2}");
  }

  @Test
  void read_gzipThatEndsInTheMiddle_isSaid() throws IOException {
    byte[] whole = gzip("{\"a\":1}\n".repeat(10_000).getBytes(StandardCharsets.UTF_8));
    new Recording(write("x", Arrays.copyOf(whole, whole.length / 2)), 1_000).read(seen);

    assertThat(seen.unreadable).hasSize(1).first().asString().contains("ends in the middle");
  }

  @Test
  void read_protobuf_isTakenApartAtItsResourceSpans() throws IOException {
    ExportTraceServiceRequest request =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(named("first"))
            .addResourceSpans(named("second"))
            .build();
    new Recording(write("x.pb", request.toByteArray()), 1_000).read(seen);

    assertThat(seen.protobuf)
        .extracting(message -> ExportTraceServiceRequest.parseFrom(message).getResourceSpansList())
        .containsExactly(List.of(named("first")), List.of(named("second")));
  }

  @Test
  void read_delimitedProtobuf_givesEachMessage() throws IOException {
    byte[] message =
        ExportTraceServiceRequest.newBuilder().addResourceSpans(named("a")).build().toByteArray();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(out);
    for (int i = 0; i < 3; i++) {
      data.writeInt(message.length);
      data.write(message);
    }
    data.writeInt(message.length);
    new Recording(write("x.pb", out.toByteArray()), 1_000).read(seen);

    assertThat(seen.protobuf).hasSize(3).allMatch(read -> Arrays.equals(read, message));
    assertThat(seen.unreadable).containsExactly("message 4: the file ends in the middle of it");
  }

  @Test
  void read_protobufThatBreaks_saysWhere() throws IOException {
    byte[] good =
        ExportTraceServiceRequest.newBuilder().addResourceSpans(named("a")).build().toByteArray();
    new Recording(write("x.pb", concat(good, new byte[] {0x55, 1, 2, 3})), 1_000).read(seen);

    assertThat(seen.protobuf).hasSize(1);
    assertThat(seen.unreadable).hasSize(1).first().asString().startsWith("message 2:");
  }

  @Test
  void read_missingFile_throws() {
    assertThatThrownBy(() -> new Recording(folder.resolve("none"), 1_000).read(seen))
        .isInstanceOf(IOException.class);
  }

  private void read(String text) throws IOException {
    new Recording(write("x", text.getBytes(StandardCharsets.UTF_8)), 1_000).read(seen);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static ResourceSpans named(String name) {
    return ResourceSpans.newBuilder()
        .addScopeSpans(ScopeSpans.newBuilder().addSpans(Span.newBuilder().setName(name)))
        .build();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static final class Collector implements Recording.DocumentVisitor {
    private final List<String> json = new ArrayList<>();
    private final List<byte[]> protobuf = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    @Override
    public void onJson(byte[] bytes, int length, long line) {
      json.add(line + ":" + new String(bytes, 0, length, StandardCharsets.UTF_8).strip());
    }

    @Override
    public void onProtobuf(byte[] bytes, int length, long number) {
      protobuf.add(Arrays.copyOf(bytes, length));
    }

    @Override
    public void onUnreadable(String place) {
      unreadable.add(place);
    }
  }
}
