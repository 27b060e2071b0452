package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.krystaline.engine.span.TraceId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StreamTest {
  private static final double THRESHOLD = 12.3;
  private static final long SILENT = 48;

  private final Stream stream = new Stream(0, 3, Channel.SELF_TIME);

  // Evidence of a block.

  @Test
  void blockEvidence_isTheGreatestOfTheLevelsThatStandOut() {
    observe(stream, 3, 0.01);
    assertThat(stream.blockEvidence()).isCloseTo(13.8, within(0.05));
    stream.clearBlock();
    observe(stream, 30, 0.1);
    observe(stream, 70, 0.9);
    assertThat(stream.blockEvidence()).isCloseTo(15.4, within(0.05));
    stream.clearBlock();
    assertThat(stream.blockEvidence()).isZero();
  }

  @Test
  void blockEvidence_belowThreeTimesTheExpected_isZero() {
    observe(stream, 29, 0.1);
    observe(stream, 71, 0.9);
    assertThat(stream.blockEvidence()).isZero();
    observe(stream, 1, 0.001);
    assertThat(stream.blockEvidence())
        .isCloseTo(Divergence.above(1, 101, 0.001), within(1e-9))
        .isPositive();
  }

  @Test
  void blockEvidence_isBruteForceOverRandomBlocks() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 2_000; round++) {
      Stream one = new Stream(0, 0, Channel.GAP_IN);
      long learned = random.nextInt(2_000);
      long[] learnedHits = {learned / 5, learned / 40, learned / 500};
      one.learn(learned, learnedHits[0], learnedHits[1], learnedHits[2], 0, false);
      int spans = 1 + random.nextInt(60);
      double power = 1 + random.nextDouble(4);
      long[] hits = new long[3];
      for (int i = 0; i < spans; i++) {
        double p = Math.pow(random.nextDouble(), power);
        one.observe(p, 1, i, i, 5);
        hits[0] += p <= 0.1 ? 1 : 0;
        hits[1] += p <= 0.01 ? 1 : 0;
        hits[2] += p <= 0.001 ? 1 : 0;
      }
      double expected = 0;
      double[] levels = {0.1, 0.01, 0.001};
      for (int level = 0; level < 3; level++) {
        double usual = (50 * levels[level] + learnedHits[level]) / (50.0 + learned);
        double share = Math.max(levels[level], usual);
        if (hits[level] >= 3 * share * spans && hits[level] > 0) {
          expected = Math.max(expected, Divergence.above(hits[level], spans, share));
        }
      }
      assertThat(one.blockEvidence()).isCloseTo(expected, within(1e-9));
    }
  }

  /** Three of ten where one in fifty usually fails: 3 ln(3 / 0.2) - 3 + 0.2. */
  @Test
  void blockEvidence_ofFailures_isAgainstTheirUsualNumber() {
    Stream errors = new Stream(0, 0, Channel.ERRORS);
    for (int i = 0; i < 10; i++) {
      errors.observe(i < 3 ? 0.02 : 1, 1, i, i, 5);
      errors.expect(0.02);
    }
    assertThat(errors.blockEvidence()).isCloseTo(3 * Math.log(15) - 2.8, within(1e-9));
    errors.clearBlock();
    for (int i = 0; i < 10; i++) {
      errors.observe(i < 3 ? 0.11 : 1, 1, i, i, 5);
      errors.expect(0.11);
    }
    assertThat(errors.blockEvidence()).isZero();
    errors.clearBlock();
    errors.observe(0.00001, 1, 1, 1, 5);
    errors.expect(0.00001);
    assertThat(errors.blockEvidence()).isCloseTo(Math.log(1_000) - 0.999, within(1e-9));
  }

  @Test
  void blockEvidence_ofRareChildren_countsNoTenth() {
    Stream rare = new Stream(0, 0, Channel.RARE_CHILDREN);
    observe(rare, 10, 0.05);
    assertThat(rare.blockEvidence()).isZero();
    observe(rare, 10, 0.01);
    assertThat(rare.blockEvidence()).isPositive();
  }

  @Test
  void expected_isShrunkAndForgets() {
    assertThat(stream.expected(0)).isEqualTo(0.1);
    stream.learn(950, 450, 100, 0, 0, false);
    assertThat(stream.expected(0)).isCloseTo((5 + 450) / 1_000.0, within(1e-9));
    assertThat(stream.expected(1)).isCloseTo((0.5 + 100) / 1_000, within(1e-9));
    assertThat(stream.expected(2)).isEqualTo(0.001);
    for (int i = 0; i < 60; i++) {
      stream.decay(0.5);
    }
    assertThat(stream.expected(0)).isCloseTo(0.1, within(1e-9));
    stream.learn(1_000_000, 1_000_000, 0, 0, 0, false);
    assertThat(stream.expected(0)).isEqualTo(0.999);
  }

  @Test
  void isBlockDue_bySpansOrTicks() {
    DetectionSettings one = settings(10, 4);
    assertThat(stream.isBlockDue(5, one)).isFalse();
    stream.observe(0.5, 1, 1, 1, 5);
    assertThat(stream.isBlockDue(5, one)).isFalse();
    assertThat(stream.isBlockDue(7, one)).isFalse();
    assertThat(stream.isBlockDue(8, one)).isTrue();
    observe(stream, 9, 0.5);
    assertThat(stream.isBlockDue(5, one)).isTrue();
    Stream rate = new Stream(0, 0, Channel.SURGE);
    rate.blockSpans = 1_000;
    assertThat(rate.isBlockDue(5, one)).isFalse();
  }

  // The sequential test.

  /** Faster the more there was to compare with: 8 blocks, 4 blocks, 2 blocks. */
  @ParameterizedTest
  @CsvSource({"19, 8", "150, 8", "199, 4", "1900, 4", "1999, 2", "20000, 2"})
  void test_ofASteadyFault_crossesAfterSoManyBlocks(int history, int blocks) {
    calm(stream, history - 1);
    stream.learn(1, 0, 0, 0, 30, false);
    int taken = 0;
    while (stream.greatestSum() < THRESHOLD) {
      // The history does not grow meanwhile: what may be a fault is not learned at once.
      stream.observe(0.0001, 1, taken, taken, taken);
      stream.test(taken, 10, THRESHOLD, SILENT, false);
      stream.clearBlock();
      taken++;
    }
    assertThat(taken).isEqualTo(blocks);
    assertThat(stream.onsetTick).isZero();
    assertThat(stream.runSpans).isEqualTo(blocks);
    assertThat(stream.runHits).containsExactly(blocks, blocks, blocks);
  }

  @Test
  void test_isTheBruteForceCusum() {
    SplittableRandom random = new SplittableRandom(3);
    calm(stream, 2_000);
    EvidenceHistory history = new EvidenceHistory();
    for (int i = 0; i < 2_000; i++) {
      history.learn(0);
    }
    double[] sums = new double[3];
    double[] levels = {0.1, 0.01, 0.001};
    for (int block = 0; block < 5_000; block++) {
      double nats = random.nextInt(4) == 0 ? random.nextDouble(3) : 0;
      stream.observe(0.5, 1, block, block, block);
      boolean hit = stream.test(block, nats, THRESHOLD, SILENT, false);
      stream.clearBlock();
      double p = history.pValue(nats);
      for (int level = 0; level < 3; level++) {
        double q = levels[level];
        double step = p <= q * 1.02 ? Math.log(0.5 / q) : Math.log(0.5 / (1 - q));
        sums[level] = Math.min(Math.max(0, sums[level] + step), 1.3 * THRESHOLD);
        assertThat(stream.sums[level]).isCloseTo(sums[level], within(1e-9));
      }
      assertThat(hit).isEqualTo(p <= 0.102);
    }
  }

  @Test
  void test_aLoneOutlier_neverCrosses_andFades() {
    calm(stream, 100_000);
    stream.observe(1e-9, 1, 1, 1, 0);
    stream.test(0, 1_000_000, THRESHOLD, SILENT, false);
    stream.clearBlock();
    assertThat(stream.greatestSum()).isBetween(6.2, 6.3).isLessThan(THRESHOLD);
    for (int tick = 1; tick <= 10; tick++) {
      stream.observe(0.9, 1, tick, tick, tick);
      stream.test(tick, 0, THRESHOLD, SILENT, false);
      stream.clearBlock();
    }
    assertThat(stream.greatestSum()).isZero();
    assertThat(stream.runSpans).isZero();
    assertThat(stream.unusualTraces()).isEmpty();
  }

  @Test
  void test_beforeThereIsAHistory_saysNothing() {
    calm(stream, 8);
    for (int tick = 0; tick < 100; tick++) {
      stream.observe(1e-9, 1, tick, tick, tick);
      assertThat(stream.test(tick, 500, THRESHOLD, SILENT, false)).isFalse();
      stream.clearBlock();
    }
    assertThat(stream.greatestSum()).isZero();
    assertThat(stream.isReady()).isFalse();
  }

  @Test
  void test_afterAGap_beginsAnew_andTheCapHolds() {
    calm(stream, 2_000);
    for (int tick = 0; tick < 30; tick++) {
      fault(stream, tick);
    }
    assertThat(stream.greatestSum()).isCloseTo(1.3 * THRESHOLD, within(1e-9));
    fault(stream, 29 + SILENT);
    assertThat(stream.greatestSum()).isCloseTo(1.3 * THRESHOLD, within(1e-9));
    fault(stream, 29 + 2 * SILENT + 1);
    assertThat(stream.greatestSum()).isBetween(6.2, 6.3);
    assertThat(stream.runSpans).isEqualTo(1);
  }

  /** At most e^-h a step and level: the bound that the budget is made of. */
  @Test
  void test_ofNormalBlocks_alarmsNoMoreThanTheBound() {
    double threshold = 6;
    int blocks = 300_000;
    for (int seed = 0; seed < 3; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Stream normal = new Stream(0, 0, Channel.SELF_TIME);
      for (int i = 0; i < 20_000; i++) {
        normal.learn(1, 0, 0, 0, bursty(random), false);
      }
      int alarms = 0;
      for (int block = 0; block < blocks; block++) {
        normal.observe(0.05, 1, block, block, block);
        normal.test(block, bursty(random), threshold, SILENT, false);
        normal.clearBlock();
        if (normal.greatestSum() >= threshold) {
          alarms++;
          normal.restart();
        }
      }
      double bound = 3 * blocks * Math.exp(-threshold);
      assertThat(alarms).as("seed %d, bound %s", seed, bound).isBetween(1, (int) bound);
    }
  }

  @Test
  void test_ofBlocksThatRepeatEachOther_weighsThemLess() {
    SplittableRandom random = new SplittableRandom(5);
    Stream alike = new Stream(0, 0, Channel.SELF_TIME);
    boolean hit = false;
    int hits = 0;
    int pairs = 0;
    int blocks = 20_000;
    for (int i = 0; i < blocks; i++) {
      boolean before = hit;
      hit = random.nextDouble() < 0.5 ? before : random.nextDouble() < 0.1;
      hits += hit ? 1 : 0;
      pairs += hit && before ? 1 : 0;
      alike.learn(1, 0, 0, 0, 0, hit);
    }
    assertThat(alike.autoBlocks()).isEqualTo(blocks);
    double share = hits / (double) blocks;
    double correlation = (pairs - hits * share) / (hits * (1 - share) + 2);
    assertThat(correlation).isCloseTo(0.5, within(0.05));
    alike.observe(0.0001, 1, 1, 1, 1);
    alike.test(1, 10, THRESHOLD, SILENT, true);
    double weight = (1 - correlation) / (1 + correlation);
    assertThat(alike.greatestSum()).isCloseTo(weight * Math.log(500), within(1e-6));
  }

  @Test
  void training_raisesTheThreshold() {
    assertThat(stream.threshold(THRESHOLD)).isEqualTo(THRESHOLD);
    calm(stream, 2_000);
    for (int tick = 0; tick < 4; tick++) {
      stream.observe(0.001, 1, tick, tick, tick);
      stream.test(tick, 10, Double.MAX_VALUE / 2, SILENT, false);
      stream.noteTraining();
      stream.clearBlock();
    }
    assertThat(stream.threshold(THRESHOLD)).isCloseTo(1.2 * 4 * Math.log(500), within(1e-6));
    assertThat(stream.threshold(100)).isEqualTo(100);
    stream.endStream();
    assertThat(stream.greatestSum()).isZero();
    assertThat(stream.threshold(THRESHOLD)).isGreaterThan(THRESHOLD);
  }

  @Test
  void accept_makesWhatWasSeenNormal() {
    calm(stream, 2_000);
    for (int tick = 0; tick < 30; tick++) {
      fault(stream, tick);
    }
    stream.accept(100);
    assertThat(stream.isAccepting(99)).isTrue();
    assertThat(stream.isAccepting(100)).isFalse();
    for (int tick = 30; tick < 100; tick++) {
      fault(stream, tick);
      stream.learnEvidence(10);
      assertThat(stream.greatestSum()).isZero();
    }
    for (int tick = 100; tick < 200; tick++) {
      fault(stream, tick);
      assertThat(stream.greatestSum()).isZero();
    }
  }

  // What is trusted.

  @Test
  void isTrustworthy_needsThreeTraces() {
    calm(stream, 2_000);
    for (int i = 0; i < 50; i++) {
      stream.observe(0.001, 1, 7, i % 2, 0);
    }
    stream.test(0, 100, THRESHOLD, SILENT, false);
    assertThat(stream.isTrustworthy()).isFalse();
    stream.clearBlock();
    stream.observe(0.001, 1, 8, 0, 1);
    stream.test(1, 100, THRESHOLD, SILENT, false);
    assertThat(stream.isTrustworthy()).isTrue();
  }

  @Test
  void isTrustworthy_needsThreeTimesTheExpectedShare() {
    calm(stream, 2_000);
    for (int i = 0; i < 100; i++) {
      stream.observe(i < 29 ? 0.05 : 0.5, 1, i, i, 0);
    }
    stream.test(0, 100, THRESHOLD, SILENT, false);
    assertThat(stream.isTrustworthy()).isFalse();
    stream.clearBlock();
    observe(stream, 10, 0.05);
    stream.test(1, 100, THRESHOLD, SILENT, false);
    assertThat(stream.isTrustworthy()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Channel.class,
      names = {"FEW_CHILDREN", "RARE_CHILDREN"})
  void isTrustworthy_ofStructure_needs25Traces_orAGreatEffectIn8(Channel channel) {
    Stream small = new Stream(0, 0, channel);
    calm(small, 2_000);
    for (int i = 0; i < 600; i++) {
      small.observe(i % 24 == 0 ? 0.005 : 0.5, 1, i, i, 0);
    }
    small.test(0, 100, THRESHOLD, SILENT, false);
    // One in 24 where one in 100 is expected, in 25 traces.
    assertThat(small.isTrustworthy()).isTrue();
    Stream fewer = new Stream(0, 0, channel);
    calm(fewer, 2_000);
    for (int i = 0; i < 576; i++) {
      fewer.observe(i % 24 == 0 ? 0.005 : 0.5, 1, i, i, 0);
    }
    fewer.test(0, 100, THRESHOLD, SILENT, false);
    assertThat(fewer.isTrustworthy()).isFalse();
    Stream great = new Stream(0, 0, channel);
    calm(great, 2_000);
    for (int i = 0; i < 7; i++) {
      great.observe(0.001, 1, i, i, 0);
    }
    great.test(0, 100, THRESHOLD, SILENT, false);
    assertThat(great.isTrustworthy()).isFalse();
    great.clearBlock();
    great.observe(0.001, 1, 7, 7, 1);
    great.test(1, 100, THRESHOLD, SILENT, false);
    assertThat(great.isTrustworthy()).isTrue();
  }

  @Test
  void isTrustworthy_ofARate_isTheTestsAlone() {
    assertThat(new Stream(0, 0, Channel.SURGE).isTrustworthy()).isTrue();
    assertThat(new Stream(0, 0, Channel.SILENCE).isRate()).isTrue();
    assertThat(stream.isTrustworthy()).isFalse();
  }

  @Test
  void strongestLevel_isTheOneThatStandsOutMost() {
    assertThat(stream.strongestLevel()).isZero();
    calm(stream, 2_000);
    observe(stream, 3, 0.01);
    observe(stream, 3, 0.5);
    stream.test(0, 100, THRESHOLD, SILENT, false);
    assertThat(stream.strongestLevel()).isEqualTo(1);
    stream.clearBlock();
    observe(stream, 12, 0.0001);
    stream.test(1, 100, THRESHOLD, SILENT, false);
    assertThat(stream.strongestLevel()).isEqualTo(2);
  }

  // Sample traces.

  @Test
  void traces_areTheLastEight_eachOnce() {
    calm(stream, 2_000);
    for (int i = 0; i < 20; i++) {
      stream.observe(0.001, 1, 1, i, 0);
      stream.observe(0.001, 1, 1, i, 0);
      stream.observe(0.5, 1, 2, i, 0);
    }
    assertThat(stream.unusualTraces())
        .extracting(TraceId::low)
        .containsExactlyInAnyOrder(12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
    assertThat(stream.normalTraces())
        .allMatch(trace -> trace.high() == 2 && trace.low() >= 12)
        .hasSize(8)
        .doesNotHaveDuplicates();
  }

  @Test
  void operations_carryTheirSurprise() {
    stream.observe(0.01, 5, 1, 1, 0);
    stream.observe(0.001, 6, 1, 2, 0);
    stream.observe(0.01, 5, 1, 3, 0);
    stream.observe(0.5, 7, 1, 4, 0);
    OperationWeights weights = stream.operations;
    assertThat(weights.size()).isEqualTo(2);
    assertThat(weights.operation(0)).isEqualTo(5);
    assertThat(weights.weight(0)).isCloseTo(2 * Math.log(100), within(1e-9));
    assertThat(weights.weight(1)).isCloseTo(Math.log(1_000), within(1e-9));
  }

  @Test
  void operations_beyondTheLimit_areLeftOut() {
    OperationWeights weights = new OperationWeights();
    for (int i = 0; i < 100; i++) {
      weights.add(i, 1);
    }
    weights.add(3, 4);
    assertThat(weights.size()).isEqualTo(48);
    assertThat(weights.weight(3)).isEqualTo(5);
    weights.clear();
    assertThat(weights.size()).isZero();
  }

  @Test
  void edge_countsCallsAndThoseBeyondEachLevel() {
    Edge edge = new Edge(1, 2);
    assertThat(edge.isBlockDue(0, settings(1, 1))).isFalse();
    for (double p : List.of(0.5, 0.1, 0.01, 0.001, 0.0001)) {
      edge.observe(p, 4);
    }
    assertThat(edge.calls).isEqualTo(5);
    assertThat(edge.hits).containsExactly(4, 3, 2);
    assertThat(edge.evidence())
        .isCloseTo(
            Math.max(
                Divergence.above(2, 5, 0.001),
                Math.max(Divergence.above(3, 5, 0.01), Divergence.above(4, 5, 0.1))),
            within(1e-9));
    assertThat(edge.isBlockDue(4, settings(5, 9))).isTrue();
    assertThat(edge.isBlockDue(4, settings(6, 9))).isFalse();
    edge.clear();
    assertThat(edge.evidence()).isZero();
    assertThat(edge.calls).isZero();
  }

  /** Evidence as noisy streams give it: mostly none, sometimes much. */
  private static double bursty(SplittableRandom random) {
    return random.nextDouble() < 0.6 ? 0 : -3 * Math.log(random.nextDouble()) + random.nextInt(3);
  }

  private static void calm(Stream stream, int blocks) {
    for (int i = 0; i < blocks; i++) {
      stream.learn(1, 0, 0, 0, 0, false);
    }
  }

  private static void fault(Stream stream, long tick) {
    stream.observe(0.0001, 1, tick, tick, tick);
    stream.test(tick, 10, THRESHOLD, SILENT, false);
    stream.clearBlock();
  }

  private static void observe(Stream stream, int times, double pValue) {
    List<Long> ids = new ArrayList<>();
    for (long i = 0; i < times; i++) {
      ids.add(i * 1_000 + Math.round(pValue * 100));
    }
    ids.forEach(id -> stream.observe(pValue, 1, id, id, 5));
  }

  private static DetectionSettings settings(int blockSpans, int blockTicksMax) {
    DetectionSettings all = DetectionSettings.DEFAULTS;
    return new DetectionSettings(
        all.falseIncidentsPerDay(),
        all.margin(),
        all.marginFactor(),
        blockSpans,
        blockTicksMax,
        all.learningDelay(),
        all.halfLife(),
        all.alarmEnd(),
        all.acceptAfter(),
        all.keysMax(),
        all.servicesMax());
  }
}
