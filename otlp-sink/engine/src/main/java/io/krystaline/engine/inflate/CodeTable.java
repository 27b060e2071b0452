package io.krystaline.engine.inflate;

import java.util.Arrays;
import java.util.zip.DataFormatException;

/**
 * Looks up a prefix code's symbols by the next bits of the input. The first look-up takes as many
 * bits as the table's first part has; codes that are longer go on in a part of their own, which the
 * first entry points to.
 *
 * <p>An entry is the symbol's meaning (see {@link Alphabet}) with its code's length added to the
 * lowest six bits, which so are the bits to skip in all, and alone from bit 8 on, where the extra
 * bits begin. A pointer has the index of its part from bit 16 on, the bits to look up there from
 * bit 8 on, and the bits of the first look-up as those to skip. Owned by one thread; unchanging
 * tables may be shared.
 */
final class CodeTable {
  static final int SKIPPED_BITS = 63;
  static final int CODE_BITS_SHIFT = 8;

  /** Bits of the longest code. */
  private static final int CODE_BITS_MAX = 15;

  /**
   * Bits of the first look-up, and the entries that the greatest of all codes then needs, as zlib's
   * {@code examples/enough.c} counts them: 288 symbols and 11 bits, 32 and 8.
   */
  static final int LITERAL_INDEX_BITS = 11;

  static final int DISTANCE_INDEX_BITS = 8;
  private static final int LITERAL_ENTRIES_MAX = 2_342;
  private static final int DISTANCE_ENTRIES_MAX = 402;
  private static final int LENGTH_INDEX_BITS = 7;

  private final int indexBits;
  private final int[] meanings;
  private final int[] entries;
  private final int[] codesOfLength = new int[CODE_BITS_MAX + 1];
  private final int[] placeOfLength = new int[CODE_BITS_MAX + 2];
  private final int[] symbols;

  /**
   * An empty table.
   *
   * @param indexBits bits of the first look-up
   * @param entriesMax entries that any code of so many symbols may need
   * @param meanings of the symbols; not copied
   */
  CodeTable(int indexBits, int entriesMax, int[] meanings) {
    this.indexBits = indexBits;
    this.meanings = meanings;
    this.entries = new int[entriesMax];
    this.symbols = new int[meanings.length];
  }

  /** An empty table of bytes, the end of a block, and lengths of matches. */
  static CodeTable ofLiterals() {
    return new CodeTable(LITERAL_INDEX_BITS, LITERAL_ENTRIES_MAX, Alphabet.literalsAndLengths());
  }

  /** An empty table of distances. */
  static CodeTable ofDistances() {
    return new CodeTable(DISTANCE_INDEX_BITS, DISTANCE_ENTRIES_MAX, Alphabet.distances());
  }

  /** An empty table of codes' lengths, whose own codes have no more bits than the look-up. */
  static CodeTable ofLengths() {
    return new CodeTable(LENGTH_INDEX_BITS, 1 << LENGTH_INDEX_BITS, Alphabet.codeLengths());
  }

  /** The entries; the first look-up is by the lowest {@link #indexBits} of the input. */
  int[] entries() {
    return entries;
  }

  int indexMask() {
    return (1 << indexBits) - 1;
  }

  /**
   * Fills the table with the canonical code of some lengths (RFC 1951, section 3.2.2).
   *
   * @param lengths bits of each symbol's code, 0 to 15, 0 for a symbol that has none
   * @param from where the first symbol's length stands
   * @param count number of symbols
   * @param mayBeSingle whether one code of one bit, or none, will do
   * @throws DataFormatException if these are the lengths of no code
   */
  void fill(byte[] lengths, int from, int count, boolean mayBeSingle) throws DataFormatException {
    int codes = sort(lengths, from, count);
    int longest = CODE_BITS_MAX;
    while (longest > 0 && codesOfLength[longest] == 0) {
      longest--;
    }
    int left = 1;
    for (int length = 1; length <= CODE_BITS_MAX; length++) {
      left = (left << 1) - codesOfLength[length];
      if (left < 0) {
        throw new DataFormatException("more codes than there can be");
      }
    }
    if (left > 0) {
      if (!mayBeSingle || longest > 1) {
        throw new DataFormatException("fewer codes than there must be");
      }
      Arrays.fill(entries, 0, 1 << indexBits, Alphabet.INVALID);
    }
    enter(lengths, from, codes);
  }

  /** Puts the symbols in the order of their codes; returns how many have one. */
  private int sort(byte[] lengths, int from, int count) {
    Arrays.fill(codesOfLength, 0);
    for (int symbol = 0; symbol < count; symbol++) {
      codesOfLength[lengths[from + symbol]]++;
    }
    codesOfLength[0] = 0;
    placeOfLength[1] = 0;
    for (int length = 1; length <= CODE_BITS_MAX; length++) {
      placeOfLength[length + 1] = placeOfLength[length] + codesOfLength[length];
    }
    int codes = placeOfLength[CODE_BITS_MAX + 1];
    for (int symbol = 0; symbol < count; symbol++) {
      int length = lengths[from + symbol];
      if (length > 0) {
        symbols[placeOfLength[length]++] = symbol;
      }
    }
    return codes;
  }

  private void enter(byte[] lengths, int from, int codes) {
    int code = 0;
    int lastLength = 0;
    int partPrefix = -1;
    int partStart = 0;
    int partBits = 0;
    int end = 1 << indexBits;
    for (int place = 0; place < codes; place++) {
      int symbol = symbols[place];
      int length = lengths[from + symbol];
      code <<= length - lastLength;
      lastLength = length;
      int reversed = Integer.reverse(code++) >>> (Integer.SIZE - length);
      int prefix = reversed & indexMask();
      if (length <= indexBits) {
        repeat(entry(symbol, length), reversed, length, 0, indexBits);
      } else {
        if (prefix != partPrefix) {
          partPrefix = prefix;
          partStart = end;
          partBits = partBits(length);
          end += 1 << partBits;
          entries[prefix] =
              partStart << Alphabet.VALUE_SHIFT
                  | Alphabet.EXCEPTION
                  | Alphabet.POINTER
                  | partBits << CODE_BITS_SHIFT
                  | indexBits;
        }
        int rest = length - indexBits;
        repeat(entry(symbol, rest), reversed >>> indexBits, rest, partStart, partBits);
      }
      codesOfLength[length]--;
    }
  }

  private int entry(int symbol, int length) {
    return meanings[symbol] + (length << CODE_BITS_SHIFT) + length;
  }

  /** Enters a code wherever its bits are followed by any others. */
  private void repeat(int entry, int code, int length, int partStart, int partBits) {
    for (int index = code; index < 1 << partBits; index += 1 << length) {
      entries[partStart + index] = entry;
    }
  }

  /** Bits that the codes with one prefix need beyond it, of which the next has the fewest. */
  private int partBits(int length) {
    int bits = length - indexBits;
    int filled = codesOfLength[length];
    while (filled < 1 << bits) {
      bits++;
      filled = (filled << 1) + codesOfLength[indexBits + bits];
    }
    return bits;
  }
}
