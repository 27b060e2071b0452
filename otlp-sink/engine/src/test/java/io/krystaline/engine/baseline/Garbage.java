package io.krystaline.engine.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Damaged bytes for the readers of stored forms. */
final class Garbage {
  private Garbage() {}

  /** Copies of the bytes with a few of them changed, cut off or added. */
  static Stream<byte[]> mutations(byte[] good, int count) {
    Random random = new Random(99);
    return Stream.generate(
            () -> {
              byte[] bytes = Arrays.copyOf(good, good.length + random.nextInt(5) - 2);
              for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
              }
              return bytes;
            })
        .limit(count);
  }

  /**
   * Reads the bytes: either they are refused with an IllegalArgumentException, or what was read is
   * written so that it reads the same again. Nothing else may happen.
   */
  static void refusesOrKeeps(byte[] bytes, UnaryOperator<byte[]> readAndWrite) {
    byte[] written;
    try {
      written = readAndWrite.apply(bytes);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("");
      return;
    }
    assertThat(readAndWrite.apply(written)).isEqualTo(written);
  }
}
