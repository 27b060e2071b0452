package io.krystaline.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.SnappyFramedInputStream;

class CompressionTest {
  private static byte[] decompress(Compression compression, byte[] bytes) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    return switch (compression) {
      case NONE -> bytes;
      case GZIP -> new GZIPInputStream(in).readAllBytes();
      case ZSTD -> Zstd.decompress(bytes, 1 << 20);
      case SNAPPY -> new SnappyFramedInputStream(in).readAllBytes();
    };
  }

  @ParameterizedTest
  @EnumSource
  void compress_thenDecompress_givesTheSame(Compression compression) throws Exception {
    byte[] bytes = "span span span span span".getBytes(StandardCharsets.UTF_8);

    assertThat(decompress(compression, compression.compress(bytes, bytes.length))).isEqualTo(bytes);
    assertThat(decompress(compression, compression.compress(bytes, 9)))
        .isEqualTo(Arrays.copyOf(bytes, 9));
    assertThat(decompress(compression, compression.compress(new byte[0], 0))).isEmpty();
  }

  @Test
  void compressedBatches_eachIsSentOnce_withIdsOfItsOwn() throws Exception {
    LoadShape shape = LoadShape.DEFAULTS.withBatch(64);
    BatchPool pool =
        SimulatedLoad.pools(
                shape, Encoding.PROTOBUF, 1, 4, 7, new EventClock(InstantSource.system()))
            .getFirst();
    CompressedBatches batches = CompressedBatches.of(pool, Compression.GZIP, 1_000);

    Set<Object> ids = new HashSet<>();
    int spans = 0;
    for (Optional<Message> next = batches.take(); next.isPresent(); next = batches.take()) {
      byte[] bytes = decompress(Compression.GZIP, next.get().bytes());
      ExportTraceServiceRequest.parseFrom(bytes)
          .getResourceSpansList()
          .forEach(
              resource ->
                  resource
                      .getScopeSpans(0)
                      .getSpansList()
                      .forEach(span -> ids.add(span.getSpanId())));
      spans += next.get().spans();
      batches.release(next.get());
    }
    assertThat(spans).isEqualTo(1_024);
    assertThat(ids).hasSize(1_024);
  }
}
