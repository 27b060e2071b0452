package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EvidenceHistoryTest {
  @Test
  void pValue_beforeNineBlocks_isOne() {
    EvidenceHistory history = new EvidenceHistory();
    for (int i = 0; i < 8; i++) {
      history.learn(0);
      assertThat(history.isReady()).isFalse();
      assertThat(history.pValue(100)).isEqualTo(1);
    }
    history.learn(0);
    assertThat(history.isReady()).isTrue();
    assertThat(history.pValue(1)).isLessThanOrEqualTo(0.1);
    assertThat(history.pValue(0)).isEqualTo(1);
    assertThat(history.pValue(-1)).isEqualTo(1);
    assertThat(history.blocks()).isEqualTo(9);
  }

  @Test
  void pValue_isTheBruteForceRank() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 100; round++) {
      EvidenceHistory history = new EvidenceHistory();
      List<Double> seen = new ArrayList<>();
      int blocks = 9 + random.nextInt(300);
      for (int i = 0; i < blocks; i++) {
        double nats = random.nextInt(3) == 0 ? 0 : -Math.log(random.nextDouble()) * 4;
        history.learn(nats);
        seen.add(nats);
      }
      double greatest = seen.stream().mapToDouble(nats -> nats).max().orElseThrow();
      for (int i = 0; i < 200; i++) {
        double nats = random.nextDouble(40) + 0.001;
        int bin = EvidenceHistory.bin(nats);
        long beyond = seen.stream().filter(one -> EvidenceHistory.bin(one) >= bin).count();
        double expected = (1.0 + beyond) / (blocks + 1);
        if (bin > EvidenceHistory.bin(greatest)) {
          expected *= (1 + greatest) / (1 + nats);
        }
        // The greatest is known to its bin, 4 %.
        assertThat(history.pValue(nats)).isCloseTo(expected, within(expected * 0.045));
      }
    }
  }

  @Test
  void pValue_ofExchangeableBlocks_isValid() {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 30; round++) {
      int blocks = 50 + random.nextInt(200);
      double[] nats = random.doubles(blocks, 0, 1).map(one -> -5 * Math.log(one)).toArray();
      for (double q : new double[] {0.1, 0.01}) {
        int hits = 0;
        for (int own = 0; own < blocks; own++) {
          EvidenceHistory history = new EvidenceHistory();
          for (int i = 0; i < blocks; i++) {
            if (i != own) {
              history.learn(nats[i]);
            }
          }
          hits += history.pValue(nats[own]) <= q ? 1 : 0;
        }
        assertThat(hits).isLessThanOrEqualTo(Math.max(1, (int) (q * blocks)));
      }
    }
  }

  @Test
  void scaleTo_keepsTheShape() {
    EvidenceHistory history = new EvidenceHistory();
    for (int i = 0; i < 120; i++) {
      history.learn(i % 4 == 0 ? 5 : 0);
    }
    history.scaleTo(12);
    assertThat(history.blocks()).isEqualTo(12);
    assertThat(history.pValue(5)).isCloseTo((3 + 1) / 13.0, within(1e-6));
    history.scaleTo(100);
    assertThat(history.blocks()).isEqualTo(12);
  }

  @Test
  void bin_ofEndlessEvidence_isTheLast() {
    assertThat(EvidenceHistory.bin(0)).isZero();
    assertThat(EvidenceHistory.bin(Double.MAX_VALUE)).isEqualTo(EvidenceHistory.BINS - 1);
    assertThat(EvidenceHistory.bin(Double.POSITIVE_INFINITY)).isEqualTo(EvidenceHistory.BINS - 1);
  }
}
