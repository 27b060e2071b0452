package io.krystaline.engine.assemble;

import static io.krystaline.engine.assemble.Spans.EPOCH;
import static io.krystaline.engine.assemble.Spans.MILLI;
import static io.krystaline.engine.assemble.Spans.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.assemble.Spans.Ended;
import io.krystaline.engine.assemble.Spans.Recorder;
import io.krystaline.engine.assemble.Spans.Span;
import io.krystaline.engine.assemble.Spans.Tick;
import io.krystaline.engine.assemble.Spans.Told;
import io.krystaline.engine.span.SpanKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceAssemblerTest {
  private static final AssemblySettings SETTINGS =
      AssemblySettings.DEFAULTS.withTick(Duration.ofMillis(2_500));
  private static final long TICK = 2_500 * MILLI;
  private static final int SEEDS = 60;

  private final Spans spans = new Spans();

  // The same for every order.

  @Test
  void calls_ofShuffledSpans_areTheSame() {
    for (int seed = 0; seed < SEEDS; seed++) {
      RandomTraces random = new RandomTraces(spans, seed);
      List<Span> inOrder = random.traces(120, EPOCH, 40 * SECOND);
      List<Object> expected = spans.assemble(SETTINGS, inOrder).calls;
      List<Span> shuffled = random.shuffled(inOrder, SETTINGS.slack().toNanos());

      assertThat(spans.assemble(SETTINGS, shuffled).calls).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void calls_ofRepeatedSpans_areTheSame() {
    for (int seed = 0; seed < SEEDS; seed++) {
      RandomTraces random = new RandomTraces(spans, seed);
      List<Span> inOrder = random.traces(120, EPOCH, 40 * SECOND);
      List<Object> expected = spans.assemble(SETTINGS, inOrder).calls;
      List<Span> repeated =
          random.repeated(random.shuffled(inOrder, SETTINGS.slack().toNanos()), 0.3);

      assertThat(spans.assemble(SETTINGS, repeated).calls).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void calls_ofAReplayAfterAll_areTheSame() {
    RandomTraces random = new RandomTraces(spans, 3);
    List<Span> inOrder = random.traces(120, EPOCH, 40 * SECOND);
    inOrder.addAll(random.traces(20, EPOCH + 100 * SECOND, SECOND));
    List<Span> twice = new ArrayList<>(inOrder);
    twice.addAll(inOrder);

    assertThat(spans.assemble(SETTINGS, twice).calls)
        .isEqualTo(spans.assemble(SETTINGS, inOrder).calls);
  }

  @Test
  void calls_withOtherSlackOrSeed_areTheSameForSpansInOrder() {
    List<Span> inOrder = new RandomTraces(spans, 4).traces(200, EPOCH, 40 * SECOND);

    assertThat(spans.assemble(SETTINGS.withSlack(Duration.ofSeconds(30)), inOrder).calls)
        .isEqualTo(spans.assemble(SETTINGS, inOrder).calls);
  }

  @Test
  void calls_acrossAGap_areTheSameForEveryOrder() {
    for (int seed = 0; seed < 20; seed++) {
      RandomTraces random = new RandomTraces(spans, seed);
      List<Span> inOrder = random.traces(100, EPOCH, 20 * SECOND);
      for (Span span : random.traces(100, EPOCH + Duration.ofDays(20).toNanos(), 20 * SECOND)) {
        inOrder.add(span.within(1_000 + span.trace()));
      }
      List<Span> shuffled = random.shuffled(inOrder, 3 * SECOND);

      assertThat(spans.assemble(SETTINGS, shuffled).calls)
          .as("seed %d", seed)
          .isEqualTo(spans.assemble(SETTINGS, inOrder).calls);
    }
  }

  // Against brute force.

  @Test
  void told_isWhatBruteForceTells() {
    BruteForce brute = new BruteForce(spans);
    for (int seed = 100; seed < 100 + SEEDS; seed++) {
      RandomTraces random = new RandomTraces(spans, seed);
      List<Span> inOrder = random.traces(100, EPOCH, 20 * SECOND);
      Map<Long, List<Span>> byTrace = new HashMap<>();
      inOrder.forEach(
          span -> byTrace.computeIfAbsent(span.trace(), id -> new ArrayList<>()).add(span));
      // A trace that pauses for long is told in parts; only whole ones are compared.
      Set<Long> whole = new HashSet<>();
      byTrace.forEach((id, all) -> addIfWhole(id, all, whole));
      Recorder recorder =
          spans.assemble(SETTINGS, random.shuffled(inOrder, SETTINGS.slack().toNanos()));
      List<Told> told =
          recorder.told().stream().filter(one -> whole.contains(one.trace())).toList();

      assertThat(whole).hasSizeGreaterThan(50);
      List<Told> expected = new ArrayList<>();
      for (Told one : told) {
        List<Span> all = byTrace.getOrDefault(one.trace(), List.of());
        Span span = all.stream().filter(each -> each.id() == one.id()).findFirst().orElseThrow();
        long known = (span.end() / TICK + 1) * TICK + SETTINGS.childGrace().toNanos();
        expected.add(brute.told(span, all.stream().filter(each -> each.end() < known).toList()));
      }
      assertThat(told).as("seed %d", seed).isEqualTo(expected);
      assertThat(told)
          .hasSize((int) inOrder.stream().filter(span -> whole.contains(span.trace())).count());
    }
  }

  private static void addIfWhole(long id, List<Span> all, Set<Long> whole) {
    List<Long> ends = all.stream().map(Span::end).sorted().toList();
    boolean paused = false;
    for (int i = 1; i < ends.size(); i++) {
      paused |= ends.get(i) / TICK - ends.get(i - 1) / TICK > 1;
    }
    if (!paused) {
      whole.add(id);
    }
  }

  @Test
  void told_retriesAndFanOutUnderOneClient_isOneCallWithTheUnion() {
    int caller = spans.operation("shop", "POST");
    int callee = spans.operation("cart", "add");
    List<Span> trace =
        List.of(
            span(caller, 1, 1, 0, SpanKind.CLIENT, 0, 100),
            span(callee, 1, 2, 1, SpanKind.SERVER, 10, 40),
            span(callee, 1, 3, 1, SpanKind.SERVER, 30, 60),
            span(callee, 1, 4, 1, SpanKind.SERVER, 90, 130),
            span(callee, 1, 5, 1, SpanKind.SERVER, 200, 210));

    List<Told> told = spans.assemble(SETTINGS, trace).told();

    Told client = told.stream().filter(one -> one.id() == 1).findFirst().orElseThrow();
    assertThat(client.exclusive()).isEqualTo(40 * MILLI);
    assertThat(client.children()).isEqualTo(4);
    assertThat(client.callee()).isEqualTo(callee);
  }

  @Test
  void told_emptySpanAndChildBeforeIt_isZero() {
    int operation = spans.operation("shop", "x");
    List<Span> trace =
        List.of(
            span(operation, 1, 1, 0, SpanKind.SERVER, 50, 50),
            span(operation, 1, 2, 1, SpanKind.INTERNAL, 0, 20));

    assertThat(spans.assemble(SETTINGS, trace).told())
        .extracting(Told::exclusive)
        .containsExactly(0L, 20 * MILLI);
  }

  // Late spans, gaps, clocks.

  @Test
  void add_afterTheTickClosed_isCountedAsLate() {
    Recorder recorder = new Recorder();
    TraceAssembler assembler = new TraceAssembler(SETTINGS, spans.index, 5, recorder);
    int operation = spans.operation("shop", "x");
    for (int i = 0; i < 30; i++) {
      Spans.add(assembler, span(operation, i, 1, 0, SpanKind.SERVER, i * 1_000L, i * 1_000L + 1));
    }
    Spans.add(assembler, span(operation, 90, 1, 0, SpanKind.SERVER, 0, 1));
    Spans.add(assembler, span(operation, 91, 1, 0, SpanKind.SERVER, 28_000, 28_001));
    assembler.finish();

    assertThat(assembler.counts().late()).isEqualTo(1);
    assertThat(assembler.counts().assembled()).isEqualTo(31);
    assertThat(recorder.told()).extracting(Told::trace).contains(91L).doesNotContain(90L);
  }

  @ParameterizedTest
  @ValueSource(longs = {3_600, 86_400, 21 * 86_400, 400 * 86_400})
  void gap_ofAnyLength_losesNothing_andTicksRise(long gapSeconds) {
    int operation = spans.operation("shop", "x");
    List<Span> all = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      for (int i = 0; i < 100; i++) {
        Span span = span(operation, part * 100 + i, 1, 0, SpanKind.SERVER, i * 200L, i * 200L + 10);
        all.add(span.later(part * gapSeconds * SECOND));
      }
    }

    Recorder recorder = spans.assemble(SETTINGS, all);

    assertThat(recorder.told()).hasSize(300);
    assertThat(recorder.ended()).hasSize(300).noneMatch(Ended::orphan);
    assertThat(recorder.ticks()).doesNotHaveDuplicates().isSorted();
    assertThat(recorder.ticks().size()).isLessThan(3 * 2_100);
  }

  @ParameterizedTest
  @ValueSource(longs = {90, 3_600, 365 * 86_400L, 250L * 365 * 86_400})
  void spanFarAhead_closesNobodysTicks(long aheadSeconds) {
    int operation = spans.operation("shop", "x");
    List<Span> all = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      all.add(span(operation, i, 1, 0, SpanKind.SERVER, i * 100L, i * 100L + 10));
      if (i == 1_000) {
        all.add(
            span(operation, -7, 1, 0, SpanKind.SERVER, 0, 10).later((100 + aheadSeconds) * SECOND));
      }
    }

    Recorder recorder = spans.assemble(SETTINGS, all);

    assertThat(recorder.told().stream().filter(one -> one.trace() >= 0)).hasSize(40_000);
    assertThat(recorder.ticks()).isSorted();
  }

  @Test
  void spanBeyondAllTime_isLeftOut() {
    int operation = spans.operation("shop", "x");
    Recorder recorder = new Recorder();
    TraceAssembler assembler = new TraceAssembler(SETTINGS, spans.index, 5, recorder);
    Spans.add(assembler, span(operation, 1, 1, 0, SpanKind.SERVER, 0, 10));
    Spans.add(
        assembler, new Span(operation, 2, 1, 0, SpanKind.SERVER, false, EPOCH, Long.MAX_VALUE));
    assembler.finish();

    assertThat(recorder.told()).hasSize(1);
    assertThat(assembler.counts().ahead()).isEqualTo(1);
  }

  @Test
  void gap_afterAWrongClock_isFollowed() {
    int operation = spans.operation("shop", "x");
    List<Span> all = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      all.add(span(operation, i, 1, 0, SpanKind.SERVER, i * 10L, i * 10L + 1));
    }
    Span wrong = span(operation, -7, 1, 0, SpanKind.SERVER, 0, 1);
    all.add(5_000, wrong.later(365 * 86_400 * SECOND));
    for (int i = 0; i < 10_000; i++) {
      Span span = span(operation, 10_000 + i, 1, 0, SpanKind.SERVER, i * 10L, i * 10L + 1);
      all.add(span.later(3_600 * SECOND));
    }

    assertThat(spans.assemble(SETTINGS, all).told()).hasSize(20_001);
  }

  @Test
  void serviceWithAWrongClock_doesNotStopTheOthers() {
    int operation = spans.operation("shop", "x");
    List<Span> all = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Span span = span(operation, i, 1, 0, SpanKind.SERVER, i * 10L, i * 10L + 1);
      all.add(span);
      all.add(span.within(-i).later(86_400 * SECOND));
    }

    Recorder recorder = new Recorder();
    TraceAssembler assembler = new TraceAssembler(SETTINGS, spans.index, 5, recorder);
    all.forEach(span -> Spans.add(assembler, span));
    assembler.finish();

    assertThat(recorder.told().stream().filter(one -> one.trace() > 0)).hasSize(19_999);
    assertThat(assembler.counts().ahead()).isPositive();
    assertThat(assembler.counts().held()).isZero();
  }

  // The ends of traces.

  @Test
  void end_ofASpanWithoutItsParent_isAnOrphan() {
    int operation = spans.operation("shop", "x");
    List<Span> trace =
        List.of(
            span(operation, 1, 1, 0, SpanKind.SERVER, 0, 100),
            span(operation, 1, 2, 1, SpanKind.INTERNAL, 0, 10),
            span(operation, 1, 3, 77, SpanKind.INTERNAL, 0, 10),
            span(operation, 1, 4, 4, SpanKind.INTERNAL, 0, 10));

    assertThat(spans.assemble(SETTINGS, trace).ended())
        .extracting(Ended::orphan)
        .containsExactly(false, false, true, true);
  }

  @Test
  void end_ofATraceWithoutRoot_waitsForIt() {
    int operation = spans.operation("shop", "x");
    List<Span> trace =
        List.of(
            span(operation, 1, 2, 1, SpanKind.INTERNAL, 0, 10),
            span(operation, 1, 1, 0, SpanKind.SERVER, 0, 40_000));

    Recorder recorder = spans.assemble(SETTINGS, trace);

    assertThat(recorder.ended()).hasSize(2).noneMatch(Ended::orphan);
  }

  @Test
  void advance_withoutSpans_closesTicksAndTraces() {
    Recorder recorder = new Recorder();
    TraceAssembler assembler = new TraceAssembler(SETTINGS, spans.index, 5, recorder);
    assembler.advance(EPOCH);
    assembler.pass(SECOND);
    assertThat(recorder.calls).isEmpty();
    int operation = spans.operation("shop", "x");
    Spans.add(assembler, span(operation, 1, 1, 0, SpanKind.SERVER, 0, 10));
    assertThat(recorder.calls).isEmpty();
    assembler.pass(30 * SECOND);
    assertThat(recorder.told()).hasSize(1);
    assertThat(recorder.ended()).hasSize(1);
    assertThat(assembler.counts().held()).isZero();
    assembler.advance(EPOCH);
    assertThat(recorder.ticks()).isSorted();
  }

  // Limits.

  @Test
  void trace_withTooManySpans_isLeftOutAsAWhole() {
    AssemblySettings small = settings(100_000, 50);
    int operation = spans.operation("shop", "x");
    Recorder recorder = new Recorder();
    TraceAssembler assembler = new TraceAssembler(small, spans.index, 5, recorder);
    for (int i = 0; i < 60; i++) {
      Spans.add(assembler, span(operation, 1, 1 + i, i, SpanKind.SERVER, 0, 10));
      if (i < 50) {
        Spans.add(assembler, span(operation, 2, 1 + i, i, SpanKind.SERVER, 0, 10));
      }
    }
    assembler.finish();

    assertThat(recorder.told()).hasSize(50).allMatch(one -> one.trace() == 2);
    assertThat(recorder.ended()).hasSize(50);
    assertThat(assembler.counts().oversize()).isEqualTo(60);
    assertThat(assembler.counts().held()).isZero();
  }

  @Test
  void shedding_leavesOutWholeTraces_andTheShareRecovers() {
    AssemblySettings small = settings(2_000, 100);
    int operation = spans.operation("shop", "x");
    Recorder recorder = new Recorder();
    TraceAssembler assembler = new TraceAssembler(small, spans.index, 5, recorder);
    long given = 0;
    double least = 1;
    // Five spans a trace over two ticks: a flood for a minute, then a trickle.
    for (long at = 0; at < 600_000; at += at < 60_000 ? 2 : 400) {
      for (int child = 4; child >= 0; child--) {
        long end = at + 1_000 - child * 200L;
        Spans.add(assembler, span(operation, 1 + at, 1 + child, child, SpanKind.SERVER, at, end));
        given++;
      }
      least = Math.min(least, assembler.counts().keptShare());
    }
    assembler.finish();

    Map<Long, Integer> byTrace = new HashMap<>();
    recorder.told().forEach(one -> byTrace.merge(one.trace(), 1, Integer::sum));
    Set<Long> whole = new HashSet<>();
    recorder.ended().forEach(end -> whole.add(end.trace()));
    whole.forEach(trace -> assertThat(byTrace).containsEntry(trace, 5));
    // Traces that were being handed on when the share was halved stop there: few, and truly told.
    assertThat(byTrace.values().stream().filter(count -> count < 5).count())
        .isLessThan(byTrace.size() / 50);
    assertThat(recorder.told())
        .allMatch(one -> one.children() == (one.id() < 5 ? 1 : 0))
        .allMatch(one -> one.failedChildren() == 0 && one.exclusive() >= 0);
    AssemblyCounts counts = assembler.counts();
    assertThat(least).isLessThan(0.3);
    assertThat(counts.keptShare()).isEqualTo(1);
    assertThat(counts.shed()).isPositive();
    assertThat(counts.assembled()).isEqualTo(recorder.told().size());
    assertThat(counts.assembled() + counts.shed()).isEqualTo(given);
    assertThat(counts.held()).isZero();
    assertThat(counts.traces()).isZero();
  }

  @Test
  void lost_breaksWhatIsHeld_andTakesInLess() {
    int operation = spans.operation("shop", "x");
    Recorder recorder = new Recorder();
    TraceAssembler assembler = new TraceAssembler(SETTINGS, spans.index, 5, recorder);
    Spans.add(assembler, span(operation, 1, 1, 0, SpanKind.SERVER, 0, 10));
    assembler.lost(5);
    assertThat(assembler.counts().keptShare()).isEqualTo(0.5);
    Spans.add(assembler, span(operation, 2, 1, 0, SpanKind.SERVER, 0, 10));
    assembler.finish();

    assertThat(recorder.told()).isEmpty();
    assertThat(assembler.counts().shed()).isEqualTo(7);
  }

  @Test
  void finish_ofNothing_isSilent() {
    assertThat(spans.assemble(SETTINGS, List.of()).calls).isEmpty();
  }

  @Test
  void finish_empties_andHandsOnAll() {
    RandomTraces random = new RandomTraces(spans, 9);
    List<Span> all = random.traces(300, EPOCH, 10 * SECOND);
    Recorder recorder = new Recorder();
    TraceAssembler assembler = new TraceAssembler(SETTINGS, spans.index, 5, recorder);
    all.forEach(span -> Spans.add(assembler, span));
    assertThat(assembler.counts().held()).isPositive();
    assembler.finish();

    assertThat(recorder.told()).hasSize(all.size());
    assertThat(recorder.ended()).hasSize(all.size());
    assertThat(assembler.counts().held()).isZero();
    assertThat(assembler.counts().traces()).isZero();
    assertThat(recorder.calls.get(recorder.calls.size() - 1)).isInstanceOf(Tick.class);
  }

  @Test
  void settings_thatCannotBe_areRefused() {
    assertThatThrownBy(() -> SETTINGS.withTick(Duration.ofMillis(99)))
        .hasMessageContaining("100 ms");
    assertThatThrownBy(() -> SETTINGS.withSlack(Duration.ofMillis(-1)))
        .hasMessageContaining("slack");
    assertThatThrownBy(() -> settings(0, 5)).hasMessageContaining("spansMax");
    assertThatThrownBy(() -> settings(5, 70_000)).hasMessageContaining("traceSpansMax");
    AssemblySettings tooFine =
        SETTINGS.withTick(Duration.ofMillis(100)).withSlack(Duration.ofMinutes(2));
    assertThatThrownBy(() -> new TraceAssembler(tooFine, spans.index, 1, new Recorder()))
        .hasMessageContaining("too short");
  }

  private static AssemblySettings settings(int spansMax, int traceSpansMax) {
    return new AssemblySettings(
        SETTINGS.tick(),
        SETTINGS.slack(),
        SETTINGS.childGrace(),
        SETTINGS.idle(),
        SETTINGS.aheadMax(),
        spansMax,
        traceSpansMax);
  }

  private static Span span(
      int operation,
      long trace,
      long id,
      long parent,
      SpanKind kind,
      long startMillis,
      long endMillis) {
    return new Span(
        operation,
        trace,
        id,
        parent,
        kind,
        false,
        EPOCH + startMillis * MILLI,
        EPOCH + endMillis * MILLI);
  }
}
