package io.krystaline.engine.baseline;

import org.jspecify.annotations.Nullable;

/**
 * Counts by bin, in pages of 64 that exist once one of their bins is counted. A count takes 4 bytes
 * as long as all of its page fit 32 bits, and 8 from then on: sketches of what was learned since
 * the last checkpoint are what scoring touches most, and fit the cache only so. Not thread-safe.
 */
final class BinCounts {
  private static final int PAGE_BITS = 6;
  static final int BINS_PER_PAGE = 1 << PAGE_BITS;
  private static final int SLOT_MASK = BINS_PER_PAGE - 1;

  private static final long NARROW_MAX = 0xFFFF_FFFFL;

  /** Unsigned. A page is here or in {@link #wide}, or it has no counts. */
  private final int[] @Nullable [] narrow;

  private long @Nullable [] @Nullable [] wide;

  BinCounts(int bins) {
    narrow = new int[bins / BINS_PER_PAGE][];
  }

  boolean hasPage(int page) {
    return narrow[page] != null || widePage(page) != null;
  }

  long get(int bin) {
    return count(bin >>> PAGE_BITS, bin & SLOT_MASK);
  }

  /** The bin in which the count of a rank lies, from 1; -1 where there are fewer. */
  int binOfRank(long rank) {
    long seen = 0;
    for (int page = pageFrom(0); page < narrow.length; page = pageFrom(page + 1)) {
      for (int slot = 0; slot < BINS_PER_PAGE; slot++) {
        seen += count(page, slot);
        if (seen >= rank) {
          return (page << PAGE_BITS) + slot;
        }
      }
    }
    return -1;
  }

  /** Passes each bin that has a count to the visitor, in ascending order. */
  void forEach(DurationSketch.BinVisitor visitor) {
    for (int page = pageFrom(0); page < narrow.length; page = pageFrom(page + 1)) {
      for (int slot = 0; slot < BINS_PER_PAGE; slot++) {
        long count = count(page, slot);
        if (count != 0) {
          visitor.onBin((page << PAGE_BITS) + slot, count);
        }
      }
    }
  }

  /** The first page from one on that exists; the number of pages where there is none. */
  private int pageFrom(int first) {
    int page = first;
    while (page < narrow.length && !hasPage(page)) {
      page++;
    }
    return page;
  }

  private long count(int page, int slot) {
    int[] counts = narrow[page];
    if (counts != null) {
      return Integer.toUnsignedLong(counts[slot]);
    }
    long[] wideCounts = widePage(page);
    return wideCounts == null ? 0 : wideCounts[slot];
  }

  /** Adds so many, 0 or more. */
  void add(int bin, long count) {
    int number = bin >>> PAGE_BITS;
    int slot = bin & SLOT_MASK;
    long[] widePage = widePage(number);
    if (widePage != null) {
      widePage[slot] += count;
      return;
    }
    int[] page = narrowPage(number);
    long sum = Integer.toUnsignedLong(page[slot]) + count;
    if (sum >= 0 && sum <= NARROW_MAX) {
      page[slot] = (int) sum;
    } else {
      widen(number, page)[slot] = sum;
    }
  }

  /**
   * Adds all counts of the other one.
   *
   * @param total the sum of all counts of both; where it fits 32 bits, each count does
   */
  void merge(BinCounts other, long total) {
    for (int page = 0; page < narrow.length; page++) {
      int[] theirs = other.narrow[page];
      if (theirs != null && total >= 0 && total <= NARROW_MAX) {
        int[] ours = narrowPage(page);
        for (int slot = 0; slot < BINS_PER_PAGE; slot++) {
          ours[slot] += theirs[slot];
        }
      } else if (other.hasPage(page)) {
        int end = (page + 1) * BINS_PER_PAGE;
        for (int bin = page * BINS_PER_PAGE; bin < end; bin++) {
          add(bin, other.get(bin));
        }
      }
    }
  }

  private int[] narrowPage(int number) {
    int[] page = narrow[number];
    if (page == null) {
      page = new int[BINS_PER_PAGE];
      narrow[number] = page;
    }
    return page;
  }

  private long @Nullable [] widePage(int number) {
    return wide == null ? null : wide[number];
  }

  private long[] widen(int number, int[] page) {
    long[] widePage = new long[BINS_PER_PAGE];
    for (int slot = 0; slot < BINS_PER_PAGE; slot++) {
      widePage[slot] = Integer.toUnsignedLong(page[slot]);
    }
    if (wide == null) {
      wide = new long[narrow.length][];
    }
    wide[number] = widePage;
    narrow[number] = null;
    return widePage;
  }
}
