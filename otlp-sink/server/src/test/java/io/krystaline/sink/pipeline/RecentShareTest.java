package io.krystaline.sink.pipeline;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.TraceId;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecentShareTest {
  private static final int SPANS = 1_024;
  private static final int BYTES = 10_000;

  private final SpanRing quiet = new SpanRing(BYTES, SPANS, BYTES);
  private final SpanRing busy = new SpanRing(BYTES, SPANS, BYTES);
  private final RecentShare share = new RecentShare(Duration.ofSeconds(4), 2, 0);
  private long second;

  @Test
  void whatFits_isKeptWhole() throws Exception {
    arrive(SPANS / 4, 1);

    assertThat(share.keptUpTo()).isEqualTo(-1);
    assertThat(keptOf1000()).isEqualTo(1_000);
  }

  @Test
  void moreSpansThanFit_leavesAsManyTracesAsTheBusiestRingHoldsForItsTime() throws Exception {
    arrive(SPANS, 1);

    assertThat(keptOf1000()).isCloseTo(224, within(40));
  }

  @Test
  void moreBytesThanFit_leavesAsManyTracesAsTheBusiestRingHoldsForItsTime() throws Exception {
    arrive(10, BYTES / 10);

    assertThat(keptOf1000()).isCloseTo(224, within(40));
  }

  @Test
  void smallChanges_leaveTheShareAsItIs() throws Exception {
    arrive(SPANS, 1);
    long before = share.keptUpTo();

    arrive(SPANS * 11 / 10, 1);
    arrive(SPANS * 9 / 10, 1);

    assertThat(share.keptUpTo()).isEqualTo(before);
  }

  @Test
  void twiceAsMany_halveTheShare_andTheTracesKeptAreSomeOfThoseBefore() throws Exception {
    arrive(SPANS, 1);
    List<TraceId> before = kept();

    arrive(2 * SPANS, 1);

    assertThat(keptOf1000()).isCloseTo(112, within(30));
    assertThat(before).containsAll(kept());
  }

  @Test
  void nothingMore_keepsAllAgain() throws Exception {
    arrive(SPANS, 1);

    share.adapt(List.of(quiet, busy), SECONDS.toNanos(++second));

    assertThat(share.keptUpTo()).isEqualTo(-1);
  }

  @Test
  void lessThanASecond_changesNothing() throws Exception {
    offer(SPANS, 1);

    share.adapt(List.of(quiet, busy), SECONDS.toNanos(1) - 1);

    assertThat(share.keptUpTo()).isEqualTo(-1);
  }

  @Test
  void reachOfZero_keepsAll() throws Exception {
    RecentShare all = new RecentShare(Duration.ZERO, 1, 0);
    offer(100 * SPANS, 1);

    all.adapt(List.of(busy), SECONDS.toNanos(1));

    assertThat(all.keptUpTo()).isEqualTo(-1);
  }

  private void arrive(int spans, int spanBytes) throws MessageTooLargeException {
    offer(spans, spanBytes);
    share.adapt(List.of(quiet, busy), SECONDS.toNanos(++second));
  }

  private void offer(int spans, int spanBytes) throws MessageTooLargeException {
    SpanBatch batch = new SpanBatch();
    for (int i = 0; i < spans; i++) {
      busy.begin();
      busy.write(new byte[spanBytes], 0, spanBytes);
      int at = busy.messageOffset();
      batch.reset(busy.array());
      batch.addResource(at, 0, at, 0);
      batch.addSpan(0, 0, i, 1, 0, 0, 0, 1, 2, at, 0, at, spanBytes);
      busy.keep(batch, share.keptUpTo());
    }
  }

  private int keptOf1000() {
    return kept().size();
  }

  private List<TraceId> kept() {
    return LongStream.rangeClosed(1, 1_000)
        .mapToObj(id -> new TraceId(0, id))
        .filter(share::isKept)
        .toList();
  }
}
