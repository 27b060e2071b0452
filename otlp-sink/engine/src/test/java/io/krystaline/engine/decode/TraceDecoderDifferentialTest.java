package io.krystaline.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.krystaline.engine.Fuzzing;
import io.krystaline.engine.span.SpanBatch;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Holds the decoder against protobuf-java: the same spans and the same refusals. */
class TraceDecoderDifferentialTest {
  private final TraceDecoder decoder = new TraceDecoder();
  private final SpanBatch batch = new SpanBatch();

  @Test
  void decode_generatedMessages_givesTheSameSpans() throws Exception {
    Fuzzing.run(
        "decode of generated traces",
        random -> {
          byte[] message = message(random);
          assertThat(compare(message, random)).isTrue();
        });
  }

  @Test
  void decode_mutatedMessages_givesTheSameSpansAndRefusals() throws Exception {
    long[] verdicts = new long[2];
    Fuzzing.run(
        "decode of mutated traces",
        random -> {
          byte[] message = message(random);
          byte[] other = message(random);
          Mutations mutations = new Mutations(random);
          for (int i = 0; i < 20; i++) {
            verdicts[compare(mutations.mutate(message, other), random) ? 1 : 0]++;
          }
        });
    System.out.println("refused " + verdicts[0] + ", taken in " + verdicts[1]);
    assertThat(verdicts[0]).isPositive();
    assertThat(verdicts[1]).isPositive();
  }

  @Test
  void decode_nestedToTheLimit_isRefusedWhereProtobufRefuses() throws Exception {
    Random random = new Random(1);
    for (int levels = 90; levels < 110; levels++) {
      assertThat(compare(nestedArrays(levels), random)).as("arrays %d", levels).isNotNull();
      assertThat(compare(nestedGroups(levels), random)).as("groups %d", levels).isNotNull();
    }
    assertThat(compare(nestedGroups(100), random)).isTrue();
    assertThat(compare(nestedGroups(101), random)).isFalse();
    assertThat(compare(nestedGroups(100_000), random)).isFalse();
  }

  private static byte[] message(Random random) {
    return new RandomMessages(random)
        .fill(ExportTraceServiceRequest.newBuilder())
        .build()
        .toByteArray();
  }

  /** Compares both readings; the answer is whether both took the message in. */
  private Boolean compare(byte[] message, Random random) {
    int before = random.nextInt(20);
    int after = random.nextInt(20);
    byte[] guarded = Fuzzing.guarded(message, before, after);
    DecodeResult result = decoder.decode(guarded, before, message.length, batch);
    ExportTraceServiceRequest expected;
    try {
      expected = ExportTraceServiceRequest.parseFrom(message);
    } catch (InvalidProtocolBufferException refused) {
      assertThat(result)
          .as(() -> refused.getMessage() + ": " + Fuzzing.hex(message))
          .isInstanceOf(DecodeResult.Malformed.class);
      assertThat(batch.spanCount()).isZero();
      return false;
    }
    assertThat(result).as(() -> Fuzzing.hex(message)).isEqualTo(DecodeResult.DECODED);
    assertThat(ReferenceSpans.of(batch))
        .as(() -> Fuzzing.hex(message))
        .isEqualTo(ReferenceSpans.of(expected));
    return true;
  }

  private static byte[] nestedGroups(int levels) {
    byte[] bytes = new byte[levels * 2];
    java.util.Arrays.fill(bytes, 0, levels, (byte) 0x1b);
    java.util.Arrays.fill(bytes, levels, bytes.length, (byte) 0x1c);
    return bytes;
  }

  /** Arrays in arrays in an attribute of a resource. */
  private static byte[] nestedArrays(int levels) {
    ProtobufBuffer out = new ProtobufBuffer(1 << 20);
    int[] starts = new int[levels];
    int[] path = {0x0a, 0x0a, 0x0a, 0x12};
    for (int i = 0; i < levels; i++) {
      starts[i] = out.begin(i < path.length ? path[i] : i % 2 == 0 ? 0x2a : 0x0a);
    }
    for (int i = levels - 1; i >= 0; i--) {
      out.end(starts[i]);
    }
    return java.util.Arrays.copyOf(out.bytes(), out.length());
  }
}
