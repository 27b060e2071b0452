package io.krystaline.engine.inflate;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.Fuzzing;
import io.krystaline.engine.inflate.Compressed.Plain;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;

/** Holds the decoder against zlib: the same bytes, and the same refusals. */
class DeflateDecoderDifferentialTest {
  private static final int PLAIN_MAX = 120_000;

  private final DeflateDecoder decoder = new DeflateDecoder();

  @Test
  void decode_whatZlibCompressed_isAsItWas() throws Exception {
    Fuzzing.run(
        "deflate data as zlib writes them",
        random -> {
          byte[] plain = Compressed.plain(random, PLAIN_MAX);
          Plain decoded = decode(random, Compressed.deflate(random, plain));
          assertThat(decoded.bytes()).isEqualTo(plain);
        });
  }

  @Test
  void decode_changedBytes_isRefusedWhereZlibRefuses() throws Exception {
    int[] outcomes = new int[2];
    Fuzzing.run(
        "changed deflate data",
        random -> {
          byte[] data = Compressed.deflate(random, Compressed.plain(random, 2_000));
          change(random, data);
          outcomes[compare(random, data) ? 1 : 0]++;
        });
    assertThat(outcomes[0]).as("refused").isPositive();
    assertThat(outcomes[1]).as("accepted").isPositive();
  }

  @Test
  void decode_randomBytes_isRefusedWhereZlibRefuses() throws Exception {
    int[] outcomes = new int[2];
    Fuzzing.run(
        "random bytes as deflate data",
        random -> {
          byte[] data = new byte[1 + random.nextInt(300)];
          random.nextBytes(data);
          data[0] = (byte) ((data[0] & ~7) | (1 + 2 * random.nextInt(4)));
          outcomes[compare(random, data) ? 1 : 0]++;
        });
    assertThat(outcomes[0]).as("refused").isPositive();
    assertThat(outcomes[1]).as("accepted").isPositive();
  }

  private static void change(Random random, byte[] data) {
    int headOnly = random.nextBoolean() ? Math.min(data.length, 60) : data.length;
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      data[random.nextInt(headOnly)] ^= (byte) (1 << random.nextInt(8));
    }
  }

  /** Whether both accept the data. */
  private boolean compare(Random random, byte[] data) throws DataFormatException {
    Optional<Plain> expected = zlib(data);
    if (expected.isPresent() && !expected.get().isWhole()) {
      return true;
    }
    Plain actual;
    try {
      actual = decode(random, data);
    } catch (DataFormatException e) {
      assertThat(expected).as("refused (%s): %s", e.getMessage(), Fuzzing.hex(data)).isEmpty();
      return false;
    }
    assertThat(expected).as("accepted: %s", Fuzzing.hex(data)).isPresent();
    assertThat(actual.bytes()).isEqualTo(expected.orElseThrow().bytes());
    assertThat(actual.taken()).isEqualTo(expected.orElseThrow().taken());
    return true;
  }

  private static Optional<Plain> zlib(byte[] data) {
    try {
      return Optional.of(Compressed.inflate(data, PLAIN_MAX));
    } catch (DataFormatException e) {
      return Optional.empty();
    }
  }

  /** Decodes in pieces, in the midst of other bytes, with no more history than must be. */
  private Plain decode(Random random, byte[] data) throws DataFormatException {
    int before = random.nextInt(20);
    byte[] input = Fuzzing.guarded(data, before, DeflateDecoder.INPUT_SLACK);
    byte[] whole = new byte[PLAIN_MAX + 64 * 1024];
    byte[] window = new byte[DeflateDecoder.HISTORY_BYTES + 40_000 + DeflateDecoder.OUTPUT_SLACK];
    int length = 0;
    int historyStart = random.nextInt(50);
    int position = historyStart;
    decoder.start(input, before, before + data.length);
    while (!decoder.isFinished()) {
      if (position > DeflateDecoder.HISTORY_BYTES + 20_000) {
        int shift = position - DeflateDecoder.HISTORY_BYTES;
        System.arraycopy(window, shift, window, 0, DeflateDecoder.HISTORY_BYTES);
        Arrays.fill(window, DeflateDecoder.HISTORY_BYTES, window.length, (byte) 0xEE);
        historyStart = Math.max(0, historyStart - shift);
        position = DeflateDecoder.HISTORY_BYTES;
      }
      int limit = position + 1 + random.nextInt(15_000);
      int end = decoder.decode(window, historyStart, position, limit);
      assertThat(end).isLessThan(limit + 260);
      System.arraycopy(window, position, whole, length, end - position);
      length += end - position;
      position = end;
    }
    return new Plain(Arrays.copyOf(whole, length), decoder.inputPosition() - before, true);
  }
}
