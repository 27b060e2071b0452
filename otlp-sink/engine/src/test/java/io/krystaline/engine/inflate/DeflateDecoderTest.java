package io.krystaline.engine.inflate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class DeflateDecoderTest {
  private static final int SEED = 20_261_201;

  @Test
  void decode_storedBlock_givesItsBytes() throws DataFormatException {
    assertThat(decode("01 03 00 fc ff 61 62 63")).isEqualTo("abc");
  }

  @Test
  void decode_fixedCodes_givesItsBytes() throws DataFormatException {
    // Three literals, a match of 3 bytes 3 back, the end of the block.
    assertThat(decode("4b 4c 4a 06 22 00")).isEqualTo("abcabc");
  }

  @Test
  void decode_emptyBlocks_giveNothing() throws DataFormatException {
    assertThat(decode("03 00")).isEmpty();
    assertThat(decode("00 00 00 ff ff 01 00 00 ff ff")).isEmpty();
  }

  @Test
  void decode_faults_areRefused() {
    assertRefused("07", "unknown kind of block");
    assertRefused("01 03 00 fc fe 61 62 63", "stored block");
    assertRefused("01 03 00 fc ff 61 62", "cut off");
    assertRefused("4b 4c 4a", "cut off");
    assertRefused("03 02", "before the data");
  }

  @Test
  void decode_longCodes_areFollowed() throws DataFormatException {
    byte[] plain = new byte[60_000];
    Random random = new Random(SEED);
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) Math.min(255, Math.getExponent(1 / random.nextDouble()) * 9);
    }
    byte[] data = Compressed.deflate(plain, 9, Deflater.HUFFMAN_ONLY, 0);

    assertThat(decode(data)).isEqualTo(plain);
  }

  @Test
  void decode_moreThanTheLimit_stopsAtIt() throws DataFormatException {
    byte[] plain = new byte[100_000];
    byte[] data = Compressed.deflate(new Random(SEED), plain);
    DeflateDecoder decoder = new DeflateDecoder();
    decoder.start(Arrays.copyOf(data, data.length + DeflateDecoder.INPUT_SLACK), 0, data.length);

    byte[] output = new byte[1_000 + DeflateDecoder.OUTPUT_SLACK];
    assertThat(decoder.decode(output, 0, 0, 1_000)).isBetween(1_000, 1_259);
    assertThat(decoder.isFinished()).isFalse();
  }

  @Test
  void startAndDecode_withoutSlack_areRefused() {
    DeflateDecoder decoder = new DeflateDecoder();

    assertThatThrownBy(() -> decoder.start(new byte[10], 0, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> decoder.decode(new byte[10], 0, 0, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertRefused(String data, String why) {
    assertThatThrownBy(() -> decode(data))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(why);
  }

  private static String decode(String hex) throws DataFormatException {
    byte[] data = HexFormat.ofDelimiter(" ").parseHex(hex);
    return new String(decode(data), US_ASCII);
  }

  private static byte[] decode(byte[] data) throws DataFormatException {
    DeflateDecoder decoder = new DeflateDecoder();
    decoder.start(Arrays.copyOf(data, data.length + DeflateDecoder.INPUT_SLACK), 0, data.length);
    byte[] output = new byte[100_000 + DeflateDecoder.OUTPUT_SLACK];
    int end = decoder.decode(output, 0, 0, 100_000);
    assertThat(decoder.isFinished()).isTrue();
    assertThat(decoder.inputPosition()).isEqualTo(data.length);
    return Arrays.copyOf(output, end);
  }
}
