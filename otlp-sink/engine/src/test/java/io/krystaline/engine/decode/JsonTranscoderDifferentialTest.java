package io.krystaline.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Message;
import io.krystaline.engine.Fuzzing;
import io.krystaline.engine.SharedData;
import io.krystaline.engine.span.SpanBatch;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the transcoder against documents whose message is known. */
class JsonTranscoderDifferentialTest {
  private static final int BYTES_MAX = 16 << 20;

  private final TraceDecoder decoder = new TraceDecoder();
  private final SpanBatch batch = new SpanBatch();

  @Test
  void transcode_generatedTraces_givesTheMessageAndItsSpans() throws Exception {
    JsonTranscoder transcoder = new JsonTranscoder(Signal.TRACES, BYTES_MAX);
    Fuzzing.run(
        "transcoding of generated traces",
        random -> {
          ExportTraceServiceRequest message =
              new RandomMessages(random).fill(ExportTraceServiceRequest.newBuilder()).build();
          byte[] protobuf = compare(transcoder, message, random);
          assertThat(decoder.decode(protobuf, 0, protobuf.length, batch))
              .isEqualTo(DecodeResult.DECODED);
          assertThat(ReferenceSpans.of(batch)).isEqualTo(ReferenceSpans.of(message));
        });
  }

  @Test
  void transcode_generatedMetricsAndLogs_givesTheMessage() throws Exception {
    JsonTranscoder metrics = new JsonTranscoder(Signal.METRICS, BYTES_MAX);
    JsonTranscoder logs = new JsonTranscoder(Signal.LOGS, BYTES_MAX);
    Fuzzing.run(
        "transcoding of generated metrics and logs",
        random -> {
          RandomMessages messages = new RandomMessages(random);
          compare(metrics, messages.fill(ExportMetricsServiceRequest.newBuilder()).build(), random);
          compare(logs, messages.fill(ExportLogsServiceRequest.newBuilder()).build(), random);
        });
  }

  @Test
  void transcode_mutatedDocuments_neverFailsAndNeverGivesMalformedBytes() throws Exception {
    JsonTranscoder transcoder = new JsonTranscoder(Signal.TRACES, 1 << 20);
    Fuzzing.run(
        "transcoding of mutated traces",
        random -> {
          byte[] json = document(random);
          for (int i = 0; i < 20; i++) {
            byte[] mutated = mutate(json, random);
            byte[] guarded = Fuzzing.guarded(mutated, 2, 3);
            TranscodeResult result = transcoder.transcode(guarded, 2, mutated.length);
            if (result instanceof TranscodeResult.Transcoded transcoded) {
              assertThat(decoder.decode(transcoded.bytes(), 0, transcoded.length(), batch))
                  .as(() -> new String(mutated, StandardCharsets.UTF_8))
                  .isEqualTo(DecodeResult.DECODED);
            } else {
              String message = ((TranscodeResult.Malformed) result).message();
              assertThat(message).hasSizeLessThan(120);
            }
          }
        });
  }

  @Test
  void transcode_samplesOfOtherImplementations_givesWhatAnotherReaderGives() throws Exception {
    Optional<Path> folder = SharedData.find("otlp-samples");
    assumeTrue(folder.isPresent());
    JsonTranscoder transcoder = new JsonTranscoder(Signal.TRACES, BYTES_MAX);
    try (Stream<Path> files = Files.list(folder.get())) {
      List<Path> samples = files.filter(file -> file.toString().endsWith(".json")).toList();
      assertThat(samples).isNotEmpty();
      for (Path sample : samples) {
        byte[] json = Files.readAllBytes(sample);
        Message expected = ReferenceJson.read(json, ExportTraceServiceRequest.newBuilder());
        byte[] protobuf = transcoded(transcoder, json);
        assertThat(ExportTraceServiceRequest.parseFrom(protobuf))
            .as(sample.getFileName().toString())
            .isEqualTo(expected);
        assertThat(decoder.decode(protobuf, 0, protobuf.length, batch))
            .isEqualTo(DecodeResult.DECODED);
        assertThat(batch.spanCount()).as(sample.getFileName().toString()).isPositive();
        assertThat(batch.rejectedTotal()).as(sample.getFileName().toString()).isZero();
      }
    }
  }

  private static byte[] document(Random random) throws IOException {
    ExportTraceServiceRequest message =
        new RandomMessages(random).fill(ExportTraceServiceRequest.newBuilder()).build();
    return ReferenceJson.write(message, random);
  }

  /** Damages single characters mostly, so that many documents stay JSON. */
  private static byte[] mutate(byte[] json, Random random) {
    if (random.nextInt(4) == 0) {
      return new Mutations(random).mutate(json, json);
    }
    byte[] characters = "{}[]\",:0189-eE.tfn \\u".getBytes(StandardCharsets.US_ASCII);
    byte[] mutated = json.clone();
    for (int i = random.nextInt(3); i >= 0 && mutated.length > 0; i--) {
      mutated[random.nextInt(mutated.length)] = characters[random.nextInt(characters.length)];
    }
    return mutated;
  }

  private static byte[] compare(JsonTranscoder transcoder, Message message, Random random)
      throws IOException {
    byte[] json = ReferenceJson.write(message, random);
    assertThat(ReferenceJson.read(json, message.newBuilderForType())).isEqualTo(message);
    byte[] protobuf = transcoded(transcoder, json);
    assertThat(message.getParserForType().parseFrom(protobuf))
        .as(() -> new String(json, StandardCharsets.UTF_8))
        .isEqualTo(message);
    return protobuf;
  }

  private static byte[] transcoded(JsonTranscoder transcoder, byte[] json) {
    TranscodeResult result = transcoder.transcode(json, 0, json.length);
    assertThat(result)
        .as(() -> new String(json, StandardCharsets.UTF_8))
        .isInstanceOf(TranscodeResult.Transcoded.class);
    TranscodeResult.Transcoded transcoded = (TranscodeResult.Transcoded) result;
    return Arrays.copyOf(transcoded.bytes(), transcoded.length());
  }
}
