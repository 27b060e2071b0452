package io.krystaline.engine.inflate;

/**
 * What the symbols of deflate's codes mean (RFC 1951, sections 3.2.5 and 3.2.7). A meaning is an
 * entry of a {@link CodeTable} without the code's length: its kind in the highest bits and bit 15,
 * its value from bit 16 on, the number of its extra bits in the lowest six.
 */
final class Alphabet {
  /** Entries below 0 are literals, whose value is a byte. */
  static final int LITERAL = 1 << 31;

  /** Entries that are neither a literal nor a base with extra bits. */
  static final int EXCEPTION = 1 << 15;

  /** With {@link #EXCEPTION}: the code goes on in another part of the table. */
  static final int POINTER = 1 << 14;

  /** An exception whose value is 0. */
  static final int END_OF_BLOCK = EXCEPTION;

  /** An exception whose value is not 0: no code begins so, or its symbol has no meaning. */
  static final int INVALID = EXCEPTION | 1 << 16;

  static final int VALUE_SHIFT = 16;

  static final int LITERALS_MAX = 288;
  static final int DISTANCES_MAX = 32;
  static final int LENGTHS = 19;
  static final int END_OF_BLOCK_SYMBOL = 256;

  /** Symbols that a block with codes of its own may describe; the rest of either is never used. */
  static final int DESCRIBED_LITERALS_MAX = 286;

  static final int DESCRIBED_DISTANCES_MAX = 30;
  static final int MATCH_MAX = 258;

  private static final int FIRST_LENGTH_SYMBOL = 257;
  private static final int LENGTH_MIN = 3;

  private Alphabet() {}

  /** Bytes, the end of a block, and the lengths of matches. */
  static int[] literalsAndLengths() {
    int[] meanings = new int[LITERALS_MAX];
    for (int symbol = 0; symbol < END_OF_BLOCK_SYMBOL; symbol++) {
      meanings[symbol] = LITERAL | symbol << VALUE_SHIFT;
    }
    meanings[END_OF_BLOCK_SYMBOL] = END_OF_BLOCK;
    int base = LENGTH_MIN;
    for (int symbol = FIRST_LENGTH_SYMBOL; symbol < DESCRIBED_LITERALS_MAX - 1; symbol++) {
      int extraBits = Math.max(0, (symbol - FIRST_LENGTH_SYMBOL) / 4 - 1);
      meanings[symbol] = base << VALUE_SHIFT | extraBits;
      base += 1 << extraBits;
    }
    meanings[DESCRIBED_LITERALS_MAX - 1] = MATCH_MAX << VALUE_SHIFT;
    for (int symbol = DESCRIBED_LITERALS_MAX; symbol < LITERALS_MAX; symbol++) {
      meanings[symbol] = INVALID;
    }
    return meanings;
  }

  /** How far back a match lies. */
  static int[] distances() {
    int[] meanings = new int[DISTANCES_MAX];
    int base = 1;
    for (int symbol = 0; symbol < DESCRIBED_DISTANCES_MAX; symbol++) {
      int extraBits = Math.max(0, symbol / 2 - 1);
      meanings[symbol] = base << VALUE_SHIFT | extraBits;
      base += 1 << extraBits;
    }
    for (int symbol = DESCRIBED_DISTANCES_MAX; symbol < DISTANCES_MAX; symbol++) {
      meanings[symbol] = INVALID;
    }
    return meanings;
  }

  /** The lengths of a block's own codes, themselves coded. */
  static int[] codeLengths() {
    int[] meanings = new int[LENGTHS];
    for (int symbol = 0; symbol < LENGTHS; symbol++) {
      meanings[symbol] = LITERAL | symbol << VALUE_SHIFT;
    }
    return meanings;
  }
}
