package io.krystaline.engine.assemble;

/** Receives assembled spans tick by tick, in event time. Called on the assembling thread. */
public interface AssemblyVisitor {
  /**
   * A span that ended in the tick that is closing. The spans of a trace come one after the other;
   * traces come in the order of their ids.
   *
   * @param span valid during the call only
   */
  void onSpan(AssembledSpan span);

  /**
   * A span whose trace is complete as far as it will be.
   *
   * @param orphan whether it names a parent that did not arrive
   */
  void onTraceEnd(int operation, long traceIdHigh, long traceIdLow, boolean orphan);

  /**
   * A tick has closed: all its spans were handed on. Numbers rise by one; after 2,000 ticks without
   * spans the next is the next one with spans.
   *
   * @param tick the tick's start divided by its width
   */
  void onTick(long tick);
}
