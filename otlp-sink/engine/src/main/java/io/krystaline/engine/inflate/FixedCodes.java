package io.krystaline.engine.inflate;

import java.util.Arrays;
import java.util.zip.DataFormatException;

/** The codes of blocks that bring none of their own (RFC 1951, section 3.2.6); never changed. */
final class FixedCodes {
  static final CodeTable LITERALS =
      table(CodeTable.LITERAL_INDEX_BITS, literalLengths(), Alphabet.literalsAndLengths());
  static final CodeTable DISTANCES =
      table(CodeTable.DISTANCE_INDEX_BITS, distanceLengths(), Alphabet.distances());

  private FixedCodes() {}

  private static byte[] literalLengths() {
    byte[] lengths = new byte[Alphabet.LITERALS_MAX];
    Arrays.fill(lengths, 0, 144, (byte) 8);
    Arrays.fill(lengths, 144, 256, (byte) 9);
    Arrays.fill(lengths, 256, 280, (byte) 7);
    Arrays.fill(lengths, 280, 288, (byte) 8);
    return lengths;
  }

  private static byte[] distanceLengths() {
    byte[] lengths = new byte[Alphabet.DISTANCES_MAX];
    Arrays.fill(lengths, (byte) 5);
    return lengths;
  }

  private static CodeTable table(int indexBits, byte[] lengths, int[] meanings) {
    CodeTable table = new CodeTable(indexBits, 1 << indexBits, meanings);
    try {
      table.fill(lengths, 0, lengths.length, false);
    } catch (DataFormatException e) {
      throw new IllegalStateException("the fixed codes are complete", e);
    }
    return table;
  }
}
