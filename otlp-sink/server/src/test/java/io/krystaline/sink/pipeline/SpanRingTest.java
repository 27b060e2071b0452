package io.krystaline.sink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.assemble.TraceLimit;
import io.krystaline.engine.span.SpanBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SpanRingTest {
  private static final SpanRing.Extractor CONCATENATE =
      (bytes, resourceOffset, resourceLength, spanOffset, spanLength) -> {
        byte[] both = new byte[resourceLength + spanLength];
        System.arraycopy(bytes, resourceOffset, both, 0, resourceLength);
        System.arraycopy(bytes, spanOffset, both, resourceLength, spanLength);
        return both;
      };

  private static final long HALF = TraceLimit.ofShare(0.5);

  private final SpanBatch batch = new SpanBatch();

  @Test
  void scan_findsTheBytesOfWantedTracesOnly() throws IOException {
    SpanRing ring = new SpanRing(1_000, 16, 100);
    keep(ring, 1, "one");
    keep(ring, 2, "two");
    keep(ring, 1, "three");

    assertThat(texts(ring, 1)).containsExactly("res|one", "res|three");
    assertThat(texts(ring, 2)).containsExactly("res|two");
    assertThat(texts(ring, 3)).isEmpty();
  }

  @Test
  void scan_leavesOutWhatWasOverwritten() throws IOException {
    SpanRing ring = new SpanRing(100, 1_024, 40);
    for (int i = 0; i < 50; i++) {
      keep(ring, 7, "span-" + i);
    }

    List<String> texts = texts(ring, 7);

    assertThat(texts).isNotEmpty().hasSizeLessThan(12).last().isEqualTo("res|span-49");
    int first = 50 - texts.size();
    for (int i = 0; i < texts.size(); i++) {
      assertThat(texts.get(i)).isEqualTo("res|span-" + (first + i));
    }
  }

  @Test
  void scan_moreEntriesThanTheirRing_givesTheNewest() throws IOException {
    SpanRing ring = new SpanRing(100_000, 8, 100);
    for (int i = 0; i < 20; i++) {
      keep(ring, 7, "span-" + i);
    }

    assertThat(texts(ring, 7)).hasSize(8).first().isEqualTo("res|span-12");
    assertThat(ring.scan(0, ring.published(), CONCATENATE, new Collector(7))).isEqualTo(12);
  }

  @Test
  void message_thatPassesTheEnd_isMovedAndStaysContiguous() throws IOException {
    SpanRing ring = new SpanRing(64, 16, 60);
    keep(ring, 1, "0123456789012345678901234567890123456789");
    ring.begin();
    ring.write(ascii("abcdefgh"), 0, 8);
    ring.write(ByteBuffer.wrap(ascii("ijklmnopqrstuvwxyz")));
    ring.readFrom(new ByteArrayInputStream(ascii("ABCDEFGHIJ")));

    assertThat(message(ring)).isEqualTo("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ");
  }

  @Test
  void message_ofExactlyTheLimit_fits_andOneByteMoreDoesNot() throws IOException {
    SpanRing ring = new SpanRing(64, 16, 10);
    ring.begin();
    ring.readFrom(new ByteArrayInputStream(ascii("0123456789")));
    assertThat(message(ring)).isEqualTo("0123456789");

    ring.begin();
    assertThatThrownBy(() -> ring.readFrom(new ByteArrayInputStream(ascii("0123456789a"))))
        .isInstanceOf(MessageTooLargeException.class)
        .hasMessageContaining("10 bytes");
    ring.begin();
    ring.write(ascii("0123456789"), 0, 10);
    assertThatThrownBy(() -> ring.write(ascii("a"), 0, 1))
        .isInstanceOf(MessageTooLargeException.class);
  }

  @Test
  void message_thatWasNotKept_leavesNoTrace() throws IOException {
    SpanRing ring = new SpanRing(1_000, 16, 100);
    ring.begin();
    ring.write(ascii("garbage"), 0, 7);
    keep(ring, 1, "good");

    assertThat(ring.published()).isEqualTo(1);
    assertThat(texts(ring, 1)).containsExactly("res|good");
  }

  @Test
  void ring_smallerThanAMessage_isRefused() {
    assertThatThrownBy(() -> new SpanRing(10, 16, 11)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SpanRing(10, 15, 10)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keep_halfOfTheTraces_movesTheirSpansTogetherWithTheirResources() throws IOException {
    SpanRing ring = new SpanRing(10_000, 1_024, 200);
    long kept = trace(true, 1);
    long alsoKept = trace(true, 2);
    long left = trace(false, 1);
    for (int i = 0; i < 100; i++) {
      ring.begin();
      byte[] bytes = ascii("<r1>left kept <r2>left <r3>also kept again ");
      ring.write(bytes, 0, bytes.length);
      batch.reset(ring.array());
      int at = ring.messageOffset();
      batch.addResource(at, 0, at, 4);
      addSpan(0, left, at + 4, 5);
      addSpan(0, kept, at + 9, 5);
      batch.addResource(at + 14, 0, at + 14, 4);
      addSpan(1, left, at + 18, 5);
      batch.addResource(at + 23, 0, at + 23, 4);
      addSpan(2, alsoKept, at + 27, 10);
      addSpan(2, kept, at + 37, 6);
      ring.keep(batch, HALF);
    }

    assertThat(texts(ring, left)).isEmpty();
    assertThat(texts(ring, kept)).hasSize(200).containsOnly("<r1>kept ", "<r3>again ");
    assertThat(texts(ring, alsoKept)).hasSize(100).containsOnly("<r3>also kept ");
    assertThat(ring.messageOffset()).isEqualTo(100 * "<r1>kept <r3>also kept again ".length());
    assertThat(ring.offeredSpans()).isEqualTo(500);
    assertThat(ring.offeredBytes()).isEqualTo(4_300);
    assertThat(ring.published()).isEqualTo(300);
  }

  @Test
  void keep_halfOfTheTraces_resourceBehindItsSpans_keepsTheMessageAsItIs() throws IOException {
    SpanRing ring = new SpanRing(1_000, 16, 100);
    long kept = trace(true, 1);
    long left = trace(false, 1);
    ring.begin();
    byte[] bytes = ascii("left kept <res>");
    ring.write(bytes, 0, bytes.length);
    batch.reset(ring.array());
    batch.addResource(10, 0, 10, 5);
    addSpan(0, left, 0, 5);
    addSpan(0, kept, 5, 5);

    ring.keep(batch, HALF);

    assertThat(texts(ring, kept)).containsExactly("<res>kept ");
    assertThat(texts(ring, left)).containsExactly("<res>left ");
    assertThat(ring.messageOffset()).isEqualTo(bytes.length);
  }

  @Test
  void keep_halfOfTheTraces_noneOfThemInTheMessage_takesNoRoom() throws IOException {
    SpanRing ring = new SpanRing(1_000, 16, 100);
    ring.begin();
    ring.write(ascii("<r>left"), 0, 7);
    batch.reset(ring.array());
    batch.addResource(0, 0, 0, 3);
    addSpan(0, trace(false, 1), 3, 4);

    ring.keep(batch, HALF);

    assertThat(ring.messageOffset()).isZero();
    assertThat(ring.published()).isZero();
  }

  @Test
  void scan_whileAWriterOverwrites_neverGivesTornBytes() throws Exception {
    SpanRing ring = new SpanRing(4_096, 64, 512);
    AtomicBoolean done = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 200_000; i++) {
                    keepRepeated(ring, (byte) ('a' + i % 26), 50 + i % 300);
                  }
                  done.set(true);
                });
    long seen = 0;
    while (!done.get()) {
      Collector collector = new Collector(9);
      long published = ring.published();
      ring.scan(Math.max(0, published - 64), published, CONCATENATE, collector);
      for (byte[] span : collector.spans) {
        byte[] expected = span.clone();
        Arrays.fill(expected, span[0]);
        assertThat(span).isEqualTo(expected);
        seen++;
      }
    }
    writer.join();
    assertThat(seen).isPositive();
  }

  private void addSpan(int resource, long trace, int offset, int length) {
    batch.addSpan(resource, 0, trace, 1, 0, 0, 0, 1, 2, offset, 0, offset, length);
  }

  /** The nth trace that half of the traces has, or has not. */
  private static long trace(boolean kept, int nth) {
    long id = 0;
    for (int found = 0; found < nth; ) {
      id++;
      found += TraceLimit.isKept(0, id, HALF) == kept ? 1 : 0;
    }
    return id;
  }

  private void keep(SpanRing ring, long trace, String text) throws IOException {
    ring.begin();
    byte[] bytes = ascii("res|" + text);
    ring.write(bytes, 0, bytes.length);
    batch.reset(ring.array());
    int offset = ring.messageOffset();
    batch.addResource(offset, 0, offset, 4);
    batch.addSpan(0, 0, trace, 1, 0, 0, 0, 1, 2, offset, 0, offset + 4, bytes.length - 4);
    ring.keep(batch, TraceLimit.ALL);
  }

  private void keepRepeated(SpanRing ring, byte letter, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, letter);
    ring.begin();
    try {
      ring.write(bytes, 0, length);
    } catch (MessageTooLargeException e) {
      throw new AssertionError(e);
    }
    batch.reset(ring.array());
    int offset = ring.messageOffset();
    batch.addResource(offset, 0, offset, 10);
    batch.addSpan(0, 0, 9, 1, 0, 0, 0, 1, 2, offset, 0, offset + 10, length - 10);
    ring.keep(batch, TraceLimit.ALL);
  }

  private static List<String> texts(SpanRing ring, long trace) {
    Collector collector = new Collector(trace);
    ring.scan(0, ring.published(), CONCATENATE, collector);
    return collector.spans.stream()
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
        .toList();
  }

  private static String message(SpanRing ring) {
    return new String(
        ring.array(), ring.messageOffset(), ring.messageLength(), StandardCharsets.US_ASCII);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static final class Collector implements SpanRing.EntryVisitor {
    private final long trace;
    private final List<byte[]> spans = new ArrayList<>();

    Collector(long trace) {
      this.trace = trace;
    }

    @Override
    public boolean wants(long traceIdHigh, long traceIdLow) {
      return traceIdLow == trace;
    }

    @Override
    public void onSpan(
        long traceIdHigh, long traceIdLow, long spanId, long startNanos, byte[] span) {
      spans.add(span);
    }
  }
}
