package io.krystaline.engine.score;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.Operation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The operations that one scoring thread knows, found by the bytes of their names, each with one
 * hot cell. Open addressing over a table that is at most half full; a hit is confirmed by all
 * bytes, so no collision can mix two operations up. The first {@value #HEAD_BYTES} bytes of a name,
 * its head, are hashed and compared as words, without a loop; few names have more, a tail.
 *
 * <p>A cell is {@value #WORDS} longs (256 bytes) in one array. The first eight, about one cache
 * line, are what every span reads; the last {@value #DURATION_WORDS} collect {@value #RUN_MAX}
 * durations of up to {@value #COLLECTED_NANOS_MAX} ns until they are taught to the {@link
 * Operation} in one go:
 *
 * <pre>
 * 0       hash
 * 1       position of the name's tail in the tails << 32 | identity (service, kind, length)
 * 2       start of the hour that the cell is prepared for, nanoseconds
 * 3       how many spans each duration collected stands for << 40 | number of durations collected
 *         << 32 | number of spans at which they are taught
 * 4       generation of the directory that the cell was prepared in
 * 5 to 9  durations beyond which a span is of severity 5, 4, 3, 2, 1
 * 10      end of the latest span, nanoseconds
 * 11      hour since the epoch << 32 | spans of that hour that came to teach
 * 12 ..   the durations collected, two a word, the earlier one in its lower half
 * </pre>
 *
 * Owned by one thread.
 */
final class OperationTable {
  static final int WORDS = 32;
  static final int HOUR = 2;
  static final int RUN = 3;
  static final int GENERATION = 4;
  static final int THRESHOLD_5 = 5;
  static final int LAST_END = 10;
  static final int TAUGHT = 11;

  /** A generation that no directory has. */
  static final long UNPREPARED = -1;

  private static final int DURATIONS = 12;
  private static final int DURATION_WORDS = WORDS - DURATIONS;

  /** How many durations a cell collects. */
  static final int RUN_MAX = 2 * DURATION_WORDS;

  /** The longest duration that can be collected: 4.29 s. */
  static final long COLLECTED_NANOS_MAX = 0xFFFF_FFFFL;

  private static final int COLLECTED_SHIFT = 32;
  private static final int TIMES_SHIFT = 40;
  private static final int BYTE_MASK = 0xFF;

  private static final int HASH = 0;
  private static final int NAME = 1;
  private static final int HEAD_WORDS = 4;
  private static final int HEAD_BYTES = 8 * HEAD_WORDS;
  private static final int INITIAL_CELLS = 256;
  private static final int LENGTH_BITS = 10;
  private static final int KIND_BITS = 3;

  private long[] cells = new long[INITIAL_CELLS * WORDS];
  private Operation[] operations = new Operation[INITIAL_CELLS];
  private Baseline[] baselines = new Baseline[INITIAL_CELLS];
  private @Nullable Explainer[] explainers = new @Nullable Explainer[INITIAL_CELLS];
  private int[] slots = new int[INITIAL_CELLS * 2];
  private long[] heads = new long[INITIAL_CELLS * HEAD_WORDS];
  private byte[] tails = new byte[INITIAL_CELLS];
  private int tailsLength;
  private int size;

  /** What must be equal beside the bytes of the name, in one number. */
  static int identity(int service, int kind, int nameLength) {
    return (service << (KIND_BITS + LENGTH_BITS)) | (kind << LENGTH_BITS) | nameLength;
  }

  /**
   * The position of the operation's cell in {@link #cells}, or -1.
   *
   * @param seed of the hash, the same for an identity every time
   */
  int find(long seed, int identity, byte[] bytes, int nameOffset, int nameLength) {
    if (bytes.length - nameOffset < HEAD_BYTES) {
      byte[] padded = Arrays.copyOfRange(bytes, nameOffset, nameOffset + HEAD_BYTES);
      return find(seed, identity, padded, 0, nameLength);
    }
    int end = nameOffset + nameLength;
    long first = NameHash.word(bytes, nameOffset, end);
    long second = NameHash.word(bytes, nameOffset + 8, end);
    long third = NameHash.word(bytes, nameOffset + 16, end);
    long fourth = NameHash.word(bytes, nameOffset + 24, end);
    int tailLength = nameLength - HEAD_BYTES;
    int tailOffset = nameOffset + HEAD_BYTES;
    long hash = NameHash.hash(seed, first, second, third, fourth);
    if (tailLength > 0) {
      hash = NameHash.hash(hash, bytes, tailOffset, tailLength);
    }
    int mask = slots.length - 1;
    for (int slot = (int) hash & mask; ; slot = (slot + 1) & mask) {
      int position = slots[slot] - 1;
      if (position < 0) {
        return -1;
      }
      long name = cells[position + NAME];
      int head = position / WORDS * HEAD_WORDS;
      long difference =
          ((int) name ^ identity)
              | (heads[head] ^ first)
              | (heads[head + 1] ^ second)
              | (heads[head + 2] ^ third)
              | (heads[head + 3] ^ fourth);
      if (difference == 0
          && (tailLength <= 0
              || NameHash.same(tails, (int) (name >>> 32), bytes, tailOffset, tailLength))) {
        return position;
      }
    }
  }

  /**
   * Adds an operation that is not there yet and returns its cell's position, unprepared.
   *
   * @param seed as {@link #find} is given it
   */
  int add(
      long seed, int identity, byte[] bytes, int nameOffset, int nameLength, Operation operation) {
    if (size == operations.length) {
      grow();
    }
    int position = size * WORDS;
    operations[size] = operation;
    baselines[size] = Baseline.LEARNING;
    long hash = keepHead(seed, bytes, nameOffset, nameLength);
    int tailLength = Math.max(0, nameLength - HEAD_BYTES);
    int tailOffset = nameOffset + nameLength - tailLength;
    if (tailLength > 0) {
      hash = NameHash.hash(hash, bytes, tailOffset, tailLength);
    }
    size++;
    cells[position + HASH] = hash;
    cells[position + NAME] = (long) keepTail(bytes, tailOffset, tailLength) << 32 | identity;
    cells[position + GENERATION] = UNPREPARED;
    begin(cells, position, 1);
    place(hash, position);
    return position;
  }

  /** The cells; replaced when the table grows. */
  long[] cells() {
    return cells;
  }

  Operation operation(int position) {
    return operations[position / WORDS];
  }

  /** The baseline that the cell was prepared with. */
  Baseline baseline(int position) {
    return baselines[position / WORDS];
  }

  /** Whether it is this very baseline; an equal one that was made anew does not count. */
  @SuppressWarnings("ReferenceEquality")
  boolean isPreparedWith(int position, Baseline baseline) {
    return baselines[position / WORDS] == baseline;
  }

  /** Sets the baseline that the cell is prepared with; what explained its marks is forgotten. */
  void baseline(int position, Baseline baseline) {
    baselines[position / WORDS] = baseline;
    explainers[position / WORDS] = null;
  }

  /** What explains the marks of the cell; null until it was set for its baseline. */
  @Nullable Explainer explainer(int position) {
    return explainers[position / WORDS];
  }

  void explainer(int position, Explainer explainer) {
    explainers[position / WORDS] = explainer;
  }

  /** How many durations a cell has collected. */
  static int collected(long[] cells, int position) {
    return (int) (cells[position + RUN] >>> COLLECTED_SHIFT) & BYTE_MASK;
  }

  /** How many spans each duration that a cell has collected stands for; 0 while there is none. */
  static int times(long[] cells, int position) {
    return (int) (cells[position + RUN] >>> TIMES_SHIFT) & BYTE_MASK;
  }

  /** Begins a run: nothing is collected, and so many spans, 1 or more, are taught at the latest. */
  static void begin(long[] cells, int position, long spans) {
    cells[position + RUN] = Math.min(Integer.MAX_VALUE, spans);
  }

  /**
   * Puts a duration of 0 to {@link #COLLECTED_NANOS_MAX} behind those that a cell has collected,
   * which stand for as many spans each.
   *
   * @return whether they are to be taught now
   */
  static boolean collect(long[] cells, int position, long durationNanos, int times) {
    int before = collected(cells, position);
    int word = position + DURATIONS + (before >>> 1);
    cells[word] =
        (before & 1) == 0
            ? durationNanos
            : (cells[word] & COLLECTED_NANOS_MAX) | durationNanos << 32;
    int now = before + 1;
    int due = (int) cells[position + RUN];
    cells[position + RUN] = (long) times << TIMES_SHIFT | (long) now << COLLECTED_SHIFT | due;
    return now == RUN_MAX || now * times >= due;
  }

  /** Copies what a cell has collected, the earliest first. */
  void copyCollected(int position, long[] durationsNanos) {
    int collected = collected(cells, position);
    for (int i = 0; i < collected; i++) {
      long word = cells[position + DURATIONS + (i >>> 1)];
      durationsNanos[i] = (i & 1) == 0 ? word & COLLECTED_NANOS_MAX : word >>> 32;
    }
  }

  /** One beyond the position of the last cell. */
  int end() {
    return size * WORDS;
  }

  /** Keeps the head of the next operation's name, and gives its hash. */
  private long keepHead(long seed, byte[] bytes, int nameOffset, int nameLength) {
    byte[] padded = Arrays.copyOfRange(bytes, nameOffset, nameOffset + HEAD_BYTES);
    int head = size * HEAD_WORDS;
    for (int word = 0; word < HEAD_WORDS; word++) {
      heads[head + word] = NameHash.word(padded, 8 * word, nameLength);
    }
    return NameHash.hash(seed, heads[head], heads[head + 1], heads[head + 2], heads[head + 3]);
  }

  private int keepTail(byte[] bytes, int offset, int length) {
    if (tails.length - tailsLength < length) {
      tails = Arrays.copyOf(tails, Math.max(tails.length * 2, tailsLength + length));
    }
    System.arraycopy(bytes, offset, tails, tailsLength, length);
    tailsLength += length;
    return tailsLength - length;
  }

  private void grow() {
    int capacity = operations.length * 2;
    cells = Arrays.copyOf(cells, capacity * WORDS);
    operations = Arrays.copyOf(operations, capacity);
    baselines = Arrays.copyOf(baselines, capacity);
    explainers = Arrays.copyOf(explainers, capacity);
    heads = Arrays.copyOf(heads, capacity * HEAD_WORDS);
    slots = new int[capacity * 2];
    for (int position = 0; position < size * WORDS; position += WORDS) {
      place(cells[position + HASH], position);
    }
  }

  private void place(long hash, int position) {
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = position + 1;
  }
}
