package io.krystaline.engine.span;

import java.util.Arrays;

/**
 * The spans of one message as columns over the received bytes: no object per span, reused from
 * message to message.
 *
 * <p>A decoder fills it ({@link #reset}, {@link #addResource}, {@link #addSpan}, ...), a scorer
 * reads it. Offsets are absolute positions in {@link #bytes()}; they are valid only as long as
 * those bytes are. Row {@code i} runs from 0 to {@link #spanCount()} - 1 in the order of the wire;
 * spans that were rejected have no row and are counted instead.
 *
 * <p>Columns grow to the largest message seen and are kept; 92 bytes a row. Owned by one thread.
 */
public final class SpanBatch {
  private static final int INITIAL_SPANS = 512;
  private static final byte[] NO_BYTES = {};

  private byte[] bytes = NO_BYTES;
  private int spanCount;
  private int resourceCount;
  private int scopeCount;
  private final long[] rejected = new long[RejectReason.values().length];

  private int[] serviceOffset = new int[16];
  private int[] serviceLength = new int[16];
  private int[] versionOffset = new int[16];
  private int[] versionLength = new int[16];
  private int[] resourceOffset = new int[16];
  private int[] resourceLength = new int[16];
  private int[] scopeFirstRow = new int[16];
  private int[] scopeOffset = new int[16];
  private int[] scopeLength = new int[16];

  private long[] traceIdHigh;
  private long[] traceIdLow;
  private long[] spanId;
  private long[] parentSpanId;
  private long[] startNanos;
  private long[] endNanos;
  private int[] nameOffset;
  private int[] nameLength;
  private int[] spanOffset;
  private int[] spanLength;
  private int[] resource;
  private byte[] kind;
  private byte[] status;

  /** Creates a batch with room for some hundred spans. */
  public SpanBatch() {
    this(INITIAL_SPANS);
  }

  /**
   * Creates a batch.
   *
   * @param rows for how many spans there is room before the columns grow, 1 or more
   */
  public SpanBatch(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("a batch has room for at least one span, not " + rows);
    }
    traceIdHigh = new long[rows];
    traceIdLow = new long[rows];
    spanId = new long[rows];
    parentSpanId = new long[rows];
    startNanos = new long[rows];
    endNanos = new long[rows];
    nameOffset = new int[rows];
    nameLength = new int[rows];
    spanOffset = new int[rows];
    spanLength = new int[rows];
    resource = new int[rows];
    kind = new byte[rows];
    status = new byte[rows];
  }

  /** Empties the batch and points it at the bytes of the next message. */
  public void reset(byte[] messageBytes) {
    bytes = messageBytes;
    spanCount = 0;
    resourceCount = 0;
    scopeCount = 0;
    Arrays.fill(rejected, 0);
  }

  /** Adds a resource without a version. */
  public int addResource(
      int serviceOffset, int serviceLength, int resourceOffset, int resourceLength) {
    return addResource(serviceOffset, serviceLength, 0, -1, resourceOffset, resourceLength);
  }

  /**
   * Adds a resource and returns its index. Where {@code service.name} or {@code service.version} is
   * absent or no string its length is -1.
   *
   * @param resourceOffset position of the {@code Resource} message's content; length 0 where there
   *     is none
   */
  public int addResource(
      int serviceOffset,
      int serviceLength,
      int versionOffset,
      int versionLength,
      int resourceOffset,
      int resourceLength) {
    int index = resourceCount;
    if (index == this.serviceOffset.length) {
      growResources();
    }
    this.serviceOffset[index] = serviceOffset;
    this.serviceLength[index] = serviceLength;
    this.versionOffset[index] = versionOffset;
    this.versionLength[index] = versionLength;
    this.resourceOffset[index] = resourceOffset;
    this.resourceLength[index] = resourceLength;
    resourceCount = index + 1;
    return index;
  }

  /**
   * Adds a scope: all rows from {@code firstRow} on belong to it, up to the next scope's first row.
   *
   * @param firstRow a row that exists, after the earlier scope's first row
   * @param scopeOffset position of the {@code InstrumentationScope} message's content
   * @param scopeLength its length in bytes, 0 where there is none
   */
  public void addScope(int firstRow, int scopeOffset, int scopeLength) {
    int index = scopeCount;
    if (index == scopeFirstRow.length) {
      growScopes();
    }
    scopeFirstRow[index] = firstRow;
    this.scopeOffset[index] = scopeOffset;
    this.scopeLength[index] = scopeLength;
    scopeCount = index + 1;
  }

  /**
   * Adds a span. The resource index may name a resource that is added later, as the wire allows it.
   *
   * @param spanOffset position of the {@code Span} message's content (after its tag and length)
   */
  public void addSpan(
      int resource,
      long traceIdHigh,
      long traceIdLow,
      long spanId,
      long parentSpanId,
      int kind,
      int status,
      long startNanos,
      long endNanos,
      int nameOffset,
      int nameLength,
      int spanOffset,
      int spanLength) {
    int row = spanCount;
    if (row == this.spanId.length) {
      growSpans();
    }
    this.resource[row] = resource;
    this.traceIdHigh[row] = traceIdHigh;
    this.traceIdLow[row] = traceIdLow;
    this.spanId[row] = spanId;
    this.parentSpanId[row] = parentSpanId;
    this.kind[row] = (byte) SpanKind.fromWire(kind).ordinal();
    this.status[row] = (byte) StatusCode.fromWire(status).ordinal();
    this.startNanos[row] = startNanos;
    this.endNanos[row] = endNanos;
    this.nameOffset[row] = nameOffset;
    this.nameLength[row] = nameLength;
    this.spanOffset[row] = spanOffset;
    this.spanLength[row] = spanLength;
    spanCount = row + 1;
  }

  /** Counts a span that is not taken in. */
  public void reject(RejectReason reason) {
    rejected[reason.ordinal()]++;
  }

  /** The array that all offsets point into. */
  public byte[] bytes() {
    return bytes;
  }

  /** The number of rows. */
  public int spanCount() {
    return spanCount;
  }

  /** The number of resources. */
  public int resourceCount() {
    return resourceCount;
  }

  /** How many spans of the message were refused for this reason. */
  public long rejected(RejectReason reason) {
    return rejected[reason.ordinal()];
  }

  /** How many spans of the message were refused, for any reason. */
  public long rejectedTotal() {
    long total = 0;
    for (long count : rejected) {
      total += count;
    }
    return total;
  }

  /** Position of the UTF-8 bytes of the resource's {@code service.name}. */
  public int serviceOffset(int resourceIndex) {
    return serviceOffset[resourceIndex];
  }

  /** Length in bytes of the resource's {@code service.name}; -1 where there is none. */
  public int serviceLength(int resourceIndex) {
    return serviceLength[resourceIndex];
  }

  /** Position of the UTF-8 bytes of the resource's {@code service.version}. */
  public int versionOffset(int resourceIndex) {
    return versionOffset[resourceIndex];
  }

  /** Length in bytes of the resource's {@code service.version}; -1 where there is none. */
  public int versionLength(int resourceIndex) {
    return versionLength[resourceIndex];
  }

  /** Position of the {@code Resource} message's content. */
  public int resourceOffset(int resourceIndex) {
    return resourceOffset[resourceIndex];
  }

  /** Length in bytes of the {@code Resource} message's content; 0 where there is none. */
  public int resourceLength(int resourceIndex) {
    return resourceLength[resourceIndex];
  }

  /** The index of the resource that the span belongs to. */
  public int resource(int row) {
    return resource[row];
  }

  /**
   * The index of the scope that the span belongs to, found by binary search; -1 if none was set.
   */
  public int scope(int row) {
    int found = Arrays.binarySearch(scopeFirstRow, 0, scopeCount, row);
    return found >= 0 ? found : -found - 2;
  }

  /** Position of the {@code InstrumentationScope} message's content; 0 for the index -1. */
  public int scopeOffset(int scopeIndex) {
    return scopeIndex < 0 ? 0 : scopeOffset[scopeIndex];
  }

  /**
   * Length in bytes of the {@code InstrumentationScope} message's content; 0 where there is none.
   */
  public int scopeLength(int scopeIndex) {
    return scopeIndex < 0 ? 0 : scopeLength[scopeIndex];
  }

  /** The first eight bytes of the trace id, big-endian. */
  public long traceIdHigh(int row) {
    return traceIdHigh[row];
  }

  /** The last eight bytes of the trace id, big-endian. */
  public long traceIdLow(int row) {
    return traceIdLow[row];
  }

  /** The span id, big-endian, never 0. */
  public long spanId(int row) {
    return spanId[row];
  }

  /** The parent's span id, 0 for a root span or where the wire's value is not eight bytes. */
  public long parentSpanId(int row) {
    return parentSpanId[row];
  }

  /** The wire value of the span's kind, 0 to 5, see {@link SpanKind#fromWire}. */
  public int kind(int row) {
    return kind[row];
  }

  /** The wire value of the span's status code, 0 to 2, see {@link StatusCode#fromWire}. */
  public int status(int row) {
    return status[row];
  }

  /**
   * Start, nanoseconds since the Unix epoch, more than 0 (times after the year 2262 are read as
   * unsigned).
   */
  public long startNanos(int row) {
    return startNanos[row];
  }

  /** End, nanoseconds since the Unix epoch, not before the start. */
  public long endNanos(int row) {
    return endNanos[row];
  }

  /** End less start, nanoseconds, 0 or more. */
  public long durationNanos(int row) {
    return endNanos[row] - startNanos[row];
  }

  /** Position of the UTF-8 bytes of the span's name. */
  public int nameOffset(int row) {
    return nameOffset[row];
  }

  /** Length in bytes of the span's name, 0 for an empty name. */
  public int nameLength(int row) {
    return nameLength[row];
  }

  /** Position of the {@code Span} message's content. */
  public int spanOffset(int row) {
    return spanOffset[row];
  }

  /** Length in bytes of the {@code Span} message's content. */
  public int spanLength(int row) {
    return spanLength[row];
  }

  private void growResources() {
    int size = serviceOffset.length * 2;
    serviceOffset = Arrays.copyOf(serviceOffset, size);
    serviceLength = Arrays.copyOf(serviceLength, size);
    versionOffset = Arrays.copyOf(versionOffset, size);
    versionLength = Arrays.copyOf(versionLength, size);
    resourceOffset = Arrays.copyOf(resourceOffset, size);
    resourceLength = Arrays.copyOf(resourceLength, size);
  }

  private void growScopes() {
    int size = scopeFirstRow.length * 2;
    scopeFirstRow = Arrays.copyOf(scopeFirstRow, size);
    scopeOffset = Arrays.copyOf(scopeOffset, size);
    scopeLength = Arrays.copyOf(scopeLength, size);
  }

  private void growSpans() {
    int size = spanId.length * 2;
    traceIdHigh = Arrays.copyOf(traceIdHigh, size);
    traceIdLow = Arrays.copyOf(traceIdLow, size);
    spanId = Arrays.copyOf(spanId, size);
    parentSpanId = Arrays.copyOf(parentSpanId, size);
    startNanos = Arrays.copyOf(startNanos, size);
    endNanos = Arrays.copyOf(endNanos, size);
    nameOffset = Arrays.copyOf(nameOffset, size);
    nameLength = Arrays.copyOf(nameLength, size);
    spanOffset = Arrays.copyOf(spanOffset, size);
    spanLength = Arrays.copyOf(spanLength, size);
    resource = Arrays.copyOf(resource, size);
    kind = Arrays.copyOf(kind, size);
    status = Arrays.copyOf(status, size);
  }
}
