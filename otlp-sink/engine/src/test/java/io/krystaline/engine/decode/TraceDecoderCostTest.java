package io.krystaline.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.krystaline.engine.span.SpanBatch;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class TraceDecoderCostTest {
  private static final int SPANS = 512;

  private final byte[] message = TypicalTraces.message(SPANS);
  private final TraceDecoder decoder = new TraceDecoder();
  private final SpanBatch batch = new SpanBatch();

  @Test
  void decode_warm_allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    decodeTimes(2_000);
    // The first reading of the counter may itself allocate.
    long unused = threads.getCurrentThreadAllocatedBytes();
    assertThat(unused).isPositive();
    long before = threads.getCurrentThreadAllocatedBytes();
    decodeTimes(1_000);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    System.out.println("decode allocates " + bytes + " bytes in " + 1_000 * SPANS + " spans");
    assertThat(bytes).isLessThan(1_000);
  }

  /** Prints a rough speed; a figure to look at, not a limit that a busy machine would break. */
  @Test
  void decode_typicalSpans_printsItsSpeed() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    decodeTimes(2_000);
    double best = 0;
    for (int round = 0; round < 10; round++) {
      long start = threads.getCurrentThreadCpuTime();
      decodeTimes(500);
      best = Math.max(best, 500.0 * SPANS / (threads.getCurrentThreadCpuTime() - start) * 1_000);
    }
    System.out.printf(
        "decode takes %.1f million spans in a second of CPU, %d bytes a span%n",
        best, message.length / SPANS);
    assertThat(batch.spanCount()).isEqualTo(SPANS);
  }

  private void decodeTimes(int times) {
    for (int i = 0; i < times; i++) {
      assertDecoded(decoder.decode(message, 0, message.length, batch));
    }
  }

  private static void assertDecoded(DecodeResult result) {
    if (!(result instanceof DecodeResult.Decoded)) {
      throw new AssertionError(result);
    }
  }
}
