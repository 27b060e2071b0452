package io.krystaline.sink.pipeline;

import io.krystaline.engine.assemble.TraceLimit;
import io.krystaline.engine.span.SpanBatch;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The recent spans of one lane: a ring of received bytes, in which messages are also decoded, and a
 * ring of span entries that point into it. The newest overwrite the oldest, so memory is fixed:
 * {@code byteCapacity + 56 * spanCapacity} bytes. Where only some traces are kept, a message comes
 * to lie almost where the last one did, in memory that is at hand.
 *
 * <p>Positions are absolute: they only grow, and lie at {@code position % capacity} in the array. A
 * message is always contiguous: one that would pass the array's end is moved to its start.
 *
 * <p>One thread writes at a time (the lane's lock sees to that). Any thread may read through {@link
 * #scan}: it copies first and then checks that nothing of what it copied was being overwritten
 * meanwhile, as a sequence lock does; what was overwritten is left out.
 */
final class SpanRing implements MessageBuffer {
  private static final int LONGS_PER_ENTRY = 7;
  private static final int READ_CHUNK_BYTES = 64 * 1024;
  private static final VarHandle RESERVED;
  private static final VarHandle ENTRIES_RESERVED;
  private static final VarHandle PUBLISHED;

  static {
    try {
      var lookup = java.lang.invoke.MethodHandles.lookup();
      RESERVED = lookup.findVarHandle(SpanRing.class, "reserved", long.class);
      ENTRIES_RESERVED = lookup.findVarHandle(SpanRing.class, "entriesReserved", long.class);
      PUBLISHED = lookup.findVarHandle(SpanRing.class, "published", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Receives what {@link #scan} finds. */
  interface EntryVisitor {

    /** Whether spans of this trace are wanted; called for every entry, so it must be quick. */
    boolean wants(long traceIdHigh, long traceIdLow);

    /**
     * The extracted bytes of a wanted span; called only once they are known to be whole.
     *
     * @param span a self-contained message with the one span
     */
    void onSpan(long traceIdHigh, long traceIdLow, long spanId, long startNanos, byte[] span);
  }

  /** Makes a self-contained message of a span's and its resource's bytes. */
  interface Extractor {
    byte[] extract(
        byte[] bytes, int resourceOffset, int resourceLength, int spanOffset, int spanLength);
  }

  private final byte[] bytes;
  private final long[] entries;
  private final int spanCapacity;
  private final int messageBytesMax;

  private long messageStart;
  private int messageLength;

  // Plain to their writer; read by others through the handles.
  @SuppressWarnings("UnusedVariable")
  private long reserved;

  @SuppressWarnings("UnusedVariable")
  private long entriesReserved;

  @SuppressWarnings("UnusedVariable")
  private long published;

  private long entryCount;
  private final AtomicLong offeredSpans = new AtomicLong();
  private final AtomicLong offeredBytes = new AtomicLong();

  /**
   * An empty ring.
   *
   * @param byteCapacity size of the ring of bytes, at least {@code messageBytesMax}
   * @param spanCapacity number of span entries, a power of two
   * @param messageBytesMax limit of one message
   */
  SpanRing(int byteCapacity, int spanCapacity, int messageBytesMax) {
    if (byteCapacity < messageBytesMax) {
      throw new IllegalArgumentException(
          "a ring of " + byteCapacity + " bytes can't hold a message of " + messageBytesMax);
    }
    if (Integer.bitCount(spanCapacity) != 1) {
      throw new IllegalArgumentException("the span capacity is no power of two: " + spanCapacity);
    }
    this.bytes = new byte[byteCapacity];
    this.entries = new long[Math.multiplyExact(spanCapacity, LONGS_PER_ENTRY)];
    this.spanCapacity = spanCapacity;
    this.messageBytesMax = messageBytesMax;
  }

  /**
   * Starts a message behind the last one that was kept; what was written and not kept is
   * overwritten.
   */
  void begin() {
    messageLength = 0;
  }

  /** The array that the message lies in. */
  byte[] array() {
    return bytes;
  }

  /** Where in the array the message starts. */
  int messageOffset() {
    return (int) (messageStart % bytes.length);
  }

  /** How many bytes of the message were written. */
  int messageLength() {
    return messageLength;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws MessageTooLargeException {
    Objects.checkFromIndexSize(offset, length, source.length);
    reserve(length);
    System.arraycopy(source, offset, bytes, messageOffset() + messageLength, length);
    messageLength += length;
  }

  @Override
  public void write(ByteBuffer source) throws MessageTooLargeException {
    int length = source.remaining();
    reserve(length);
    source.get(bytes, messageOffset() + messageLength, length);
    messageLength += length;
  }

  @Override
  public void readFrom(InputStream source) throws IOException {
    while (true) {
      int room = Math.min(READ_CHUNK_BYTES, messageBytesMax - messageLength);
      if (room == 0) {
        if (source.read() >= 0) {
          throw new MessageTooLargeException(messageBytesMax);
        }
        return;
      }
      reserve(room);
      int read = source.read(bytes, messageOffset() + messageLength, room);
      if (read < 0) {
        return;
      }
      messageLength += read;
    }
  }

  /**
   * Keeps the spans that were decoded from the message: as it is where all traces are kept, else
   * their bytes alone, moved together at its start. Writes 56 bytes a span; allocates nothing. What
   * the batch says of positions in the message is no longer true afterwards.
   *
   * @param keptUpTo the traces whose spans are kept, a {@link TraceLimit}
   */
  void keep(SpanBatch batch, long keptUpTo) {
    int spans = batch.spanCount();
    if (spans == 0) {
      return;
    }
    offeredSpans.setRelease(offeredSpans.getPlain() + spans);
    offeredBytes.setRelease(offeredBytes.getPlain() + messageLength);
    ENTRIES_RESERVED.setOpaque(this, entryCount + spans);
    VarHandle.storeStoreFence();
    if (keptUpTo == TraceLimit.ALL || !areResourcesFirst(batch)) {
      keepAll(batch);
    } else {
      keepSome(batch, keptUpTo);
    }
    ENTRIES_RESERVED.setOpaque(this, entryCount);
    PUBLISHED.setRelease(this, entryCount);
    messageLength = 0;
  }

  private void keepAll(SpanBatch batch) {
    long base = messageStart - messageOffset();
    for (int row = 0; row < batch.spanCount(); row++) {
      int resource = batch.resource(row);
      int spanOffset = batch.spanOffset(row);
      boolean has = batch.resourceLength(resource) > 0;
      int resourceOffset = has ? batch.resourceOffset(resource) : spanOffset;
      enter(batch, row, base + spanOffset, base + resourceOffset);
    }
    messageStart += messageLength;
  }

  /** Moves bytes towards the start only, so none is overwritten that is still to be moved. */
  private void keepSome(SpanBatch batch, long keptUpTo) {
    int start = messageOffset();
    long base = messageStart - start;
    int end = start;
    int resource = -1;
    int resourceAt = -1;
    for (int row = 0; row < batch.spanCount(); row++) {
      if (!TraceLimit.isKept(batch.traceIdHigh(row), batch.traceIdLow(row), keptUpTo)) {
        continue;
      }
      if (batch.resource(row) != resource) {
        resource = batch.resource(row);
        resourceAt = end;
        end = move(batch.resourceOffset(resource), batch.resourceLength(resource), end);
      }
      int spanAt = end;
      end = move(batch.spanOffset(row), batch.spanLength(row), end);
      enter(batch, row, base + spanAt, base + resourceAt);
    }
    messageStart += end - start;
  }

  private int move(int from, int length, int to) {
    System.arraycopy(bytes, from, bytes, to, length);
    return to + length;
  }

  /**
   * Whether bytes can be moved in the order of the rows: rows are in the order of their bytes, but
   * a resource may stand behind its spans.
   */
  private static boolean areResourcesFirst(SpanBatch batch) {
    for (int row = 0; row < batch.spanCount(); row++) {
      if (batch.resourceOffset(batch.resource(row)) > batch.spanOffset(row)) {
        return false;
      }
    }
    return true;
  }

  private void enter(SpanBatch batch, int row, long spanPosition, long resourcePosition) {
    int slot = slot(entryCount++);
    entries[slot] = batch.traceIdHigh(row);
    entries[slot + 1] = batch.traceIdLow(row);
    entries[slot + 2] = spanPosition;
    entries[slot + 3] = resourcePosition;
    entries[slot + 4] =
        ((long) batch.spanLength(row) << 32) | batch.resourceLength(batch.resource(row));
    entries[slot + 5] = batch.spanId(row);
    entries[slot + 6] = batch.startNanos(row);
  }

  /** Spans of all messages given to {@link #keep}, kept or not. Any thread. */
  long offeredSpans() {
    return offeredSpans.getAcquire();
  }

  /** Bytes of all messages given to {@link #keep}, kept or not. Any thread. */
  long offeredBytes() {
    return offeredBytes.getAcquire();
  }

  /** How many spans fit. */
  int spanCapacity() {
    return spanCapacity;
  }

  /** How many bytes fit. */
  int byteCapacity() {
    return bytes.length;
  }

  /** The number of span entries written since the start, for {@link #scan}. */
  long published() {
    return (long) PUBLISHED.getAcquire(this);
  }

  /**
   * Visits the entries from one number up to another, as far as they are still there. Safe on any
   * thread.
   *
   * @return how many entries were gone before they could be visited
   */
  long scan(long from, long until, Extractor extractor, EntryVisitor visitor) {
    long oldest = (long) ENTRIES_RESERVED.getAcquire(this) - spanCapacity;
    long gone = Math.max(0, Math.min(until, oldest) - from);
    for (long entry = from + gone; entry < until; entry++) {
      int slot = slot(entry);
      long traceIdHigh = entries[slot];
      long traceIdLow = entries[slot + 1];
      if (visitor.wants(traceIdHigh, traceIdLow) && !copy(entry, slot, extractor, visitor)) {
        gone++;
      }
    }
    return gone;
  }

  private boolean copy(long entry, int slot, Extractor extractor, EntryVisitor visitor) {
    long traceIdHigh = entries[slot];
    long traceIdLow = entries[slot + 1];
    long spanPosition = entries[slot + 2];
    long resourcePosition = entries[slot + 3];
    long lengths = entries[slot + 4];
    long spanId = entries[slot + 5];
    long startNanos = entries[slot + 6];
    if (!isEntryWhole(entry)) {
      return false;
    }
    int spanLength = (int) (lengths >>> 32);
    int resourceLength = (int) lengths;
    byte[] span =
        extractor.extract(
            bytes,
            (int) (resourcePosition % bytes.length),
            resourceLength,
            (int) (spanPosition % bytes.length),
            spanLength);
    VarHandle.loadLoadFence();
    long overwritten = (long) RESERVED.getOpaque(this) - bytes.length;
    if (Math.min(spanPosition, resourcePosition) < overwritten) {
      return false;
    }
    visitor.onSpan(traceIdHigh, traceIdLow, spanId, startNanos, span);
    return true;
  }

  private boolean isEntryWhole(long entry) {
    VarHandle.loadLoadFence();
    return (long) ENTRIES_RESERVED.getOpaque(this) - entry <= spanCapacity;
  }

  private int slot(long entry) {
    return (int) (entry & (spanCapacity - 1)) * LONGS_PER_ENTRY;
  }

  private void reserve(int more) throws MessageTooLargeException {
    if (more > messageBytesMax - messageLength) {
      throw new MessageTooLargeException(messageBytesMax);
    }
    int offset = messageOffset();
    boolean wraps = more > bytes.length - offset - messageLength;
    long start = wraps ? messageStart - offset + bytes.length : messageStart;
    RESERVED.setOpaque(
        this, Math.max(start + messageLength + more, (long) RESERVED.getOpaque(this)));
    VarHandle.storeStoreFence();
    if (wraps) {
      System.arraycopy(bytes, offset, bytes, 0, messageLength);
      messageStart = start;
    }
  }
}
