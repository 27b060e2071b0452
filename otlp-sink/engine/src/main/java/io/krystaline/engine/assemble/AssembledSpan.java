package io.krystaline.engine.assemble;

/**
 * A span with what its trace tells of it. One object is used again for each span; it is valid only
 * during the visitor's call.
 */
public final class AssembledSpan {
  /** Where there is no such operation. */
  public static final int NONE = -1;

  int operation;
  int kind;
  int status;
  int release;
  long traceIdHigh;
  long traceIdLow;
  long spanId;
  long startNanos;
  long endNanos;
  long exclusiveNanos;
  int children;
  int callee;
  int lastChild;
  int lastChildCallee;
  int failedChildren;
  int parent;
  boolean root;
  long producerDelayNanos;

  AssembledSpan() {}

  /** The operation's number. */
  public int operation() {
    return operation;
  }

  /** The wire value of the kind, 0 to 5. */
  public int kind() {
    return kind;
  }

  /** Whether its status is an error. */
  public boolean failed() {
    return status == 2;
  }

  /** The number of the release that it is from, up to 65,535; 0 where that is not known. */
  public int release() {
    return release;
  }

  /** The trace id's first eight bytes. */
  public long traceIdHigh() {
    return traceIdHigh;
  }

  /** The trace id's last eight bytes. */
  public long traceIdLow() {
    return traceIdLow;
  }

  /** The span id. */
  public long spanId() {
    return spanId;
  }

  /** Start, nanoseconds since the epoch. */
  public long startNanos() {
    return startNanos;
  }

  /** End, nanoseconds since the epoch. */
  public long endNanos() {
    return endNanos;
  }

  /** Duration less the union of the children, clipped to the span; nanoseconds, 0 or more. */
  public long exclusiveNanos() {
    return exclusiveNanos;
  }

  /** How many children it has, repeated spans counted once. */
  public int children() {
    return children;
  }

  /**
   * The operation of its first child in another service if the span is a call, else {@link #NONE}.
   * A call is a client or producer span with such a child, or a span of no stated role all of whose
   * children are elsewhere. The exclusive time of a call is the gap between client and server.
   */
  public int callee() {
    return callee;
  }

  /** The operation of the child that started last; {@link #NONE} without children. */
  public int lastChild() {
    return lastChild;
  }

  /** If that child is a call, the operation it called; else {@link #NONE}. */
  public int lastChildCallee() {
    return lastChildCallee;
  }

  /** How many of its children failed. */
  public int failedChildren() {
    return failedChildren;
  }

  /** The operation of its parent; {@link #NONE} for a root and where the parent is not known. */
  public int parent() {
    return parent;
  }

  /** Whether it names no parent. */
  public boolean root() {
    return root;
  }

  /**
   * Its start less its producer's end, nanoseconds, at least 0; -1 if it is no consumer of a
   * producer span.
   */
  public long producerDelayNanos() {
    return producerDelayNanos;
  }
}
