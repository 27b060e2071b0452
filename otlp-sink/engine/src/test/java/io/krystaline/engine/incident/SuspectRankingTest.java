package io.krystaline.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.detect.TickEvidence;
import io.krystaline.engine.detect.TickEvidence.Cut;
import io.krystaline.engine.detect.TickEvidence.OfEdge;
import io.krystaline.engine.detect.TickEvidence.OfStream;
import io.krystaline.engine.incident.SuspectRanking.Ranked;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspectRankingTest {
  private static final int A = 0;
  private static final int B = 1;
  private static final int C = 2;
  private static final int D = 3;

  private final List<OfStream> streams = new ArrayList<>();
  private final List<OfEdge> edges = new ArrayList<>();
  private final List<Cut> cuts = new ArrayList<>();

  @Test
  void rank_ofNothing_isEmpty() {
    assertThat(rank()).isEmpty();
    streams.add(new OfStream(A, Channel.FEW_CHILDREN, 0, 10));
    assertThat(rank()).isEmpty();
  }

  @Test
  void rank_isTheSumOfOwnEvidence_withShares() {
    streams.add(new OfStream(A, Channel.SELF_TIME, 10, 5));
    streams.add(new OfStream(A, Channel.ERRORS, 20, 5));
    streams.add(new OfStream(B, Channel.QUEUE_DELAY, 10, 5));
    // Gaps are counted by edge.
    streams.add(new OfStream(C, Channel.GAP_IN, 99, 5));
    streams.add(new OfStream(C, Channel.GAP_OUT, 99, 5));

    List<Ranked> ranked = rank();

    assertThat(ranked).extracting(Ranked::service).containsExactly(A, B);
    assertThat(ranked).extracting(Ranked::score).containsExactly(30.0, 10.0);
    assertThat(ranked).extracting(Ranked::share).containsExactly(0.75, 0.25);
    assertThat(ranked).allMatch(one -> one.caller() == -1);
  }

  @Test
  void rank_ofTies_isByName() {
    streams.add(new OfStream(B, Channel.SELF_TIME, 10, 5));
    streams.add(new OfStream(A, Channel.SELF_TIME, 10, 5));
    assertThat(rank()).extracting(Ranked::service).containsExactly(A, B);
  }

  @Test
  void oneSlowCallee_isBlamed_andItsCallerIsExplainedAway() {
    edges.add(new OfEdge(A, B, 50, 40, 30));
    edges.add(new OfEdge(A, C, 0, 40, 4));

    List<Ranked> ranked = rank();

    assertThat(ranked).hasSize(1);
    assertThat(ranked.get(0).service()).isEqualTo(B);
    assertThat(ranked.get(0).caller()).isEqualTo(A);
    assertThat(ranked.get(0).share()).isEqualTo(1);
  }

  @Test
  void starvedCaller_isBlamed_andNotItsCallees() {
    edges.add(new OfEdge(A, B, 50, 40, 30));
    edges.add(new OfEdge(A, C, 50, 40, 30));
    edges.add(new OfEdge(A, D, 50, 40, 30));

    List<Ranked> ranked = rank();

    assertThat(ranked.get(0).service()).isEqualTo(A);
    assertThat(ranked.get(0).score()).isCloseTo(100, within(1e-9));
    assertThat(ranked).hasSize(1);
  }

  @Test
  void slowCallee_ofACallerThatIsSlowElsewhereToo_isBlamedForTheRest() {
    edges.add(new OfEdge(A, B, 100, 40, 40));
    edges.add(new OfEdge(A, C, 20, 40, 12));

    List<Ranked> ranked = rank();

    Ranked callee = ranked.get(0);
    assertThat(callee.service()).isEqualTo(B);
    // 40 of 40 against the 12 of 40 elsewhere instead of the normal tenth: ln(1/0.3) / ln(1/0.1).
    assertThat(callee.score()).isCloseTo(100 * Math.log(1 / 0.3) / Math.log(10), within(1e-6));
    assertThat(callee.caller()).isEqualTo(A);
  }

  @Test
  void callee_ofSeveralCallers_isBlamedByAll_andNoCallerIsNamed() {
    edges.add(new OfEdge(A, D, 30, 20, 15));
    edges.add(new OfEdge(B, D, 30, 20, 15));
    edges.add(new OfEdge(C, D, 30, 20, 15));

    List<Ranked> ranked = rank();

    assertThat(ranked).hasSize(1);
    assertThat(ranked.get(0).service()).isEqualTo(D);
    assertThat(ranked.get(0).score()).isCloseTo(90, within(1e-9));
    assertThat(ranked.get(0).caller()).isEqualTo(-1);
  }

  @Test
  void cutSpans_blameTheServiceAfterWhichTheyEnd() {
    streams.add(new OfStream(A, Channel.FEW_CHILDREN, 40, 100));
    cuts.add(new Cut(A, B, 50));
    edges.add(new OfEdge(A, B, 0, 60, 0));

    assertThat(rank()).extracting(Ranked::service).containsExactly(B);
  }

  @Test
  void cutSpans_ofACalleeThatSeldomEndsThem_blameThemselves() {
    streams.add(new OfStream(A, Channel.FEW_CHILDREN, 40, 100));
    cuts.add(new Cut(A, B, 50));
    edges.add(new OfEdge(A, B, 0, 1_000, 0));

    assertThat(rank()).extracting(Ranked::service).containsExactly(A);
  }

  @Test
  void cutSpans_withoutAnyChild_blameThemselves() {
    streams.add(new OfStream(A, Channel.FEW_CHILDREN, 30, 100));
    streams.add(new OfStream(A, Channel.RARE_CHILDREN, 10, 100));
    cuts.add(new Cut(A, A, 50));
    assertThat(rank()).extracting(Ranked::service).containsExactly(A);
    cuts.clear();
    assertThat(rank()).extracting(Ranked::score).containsExactly(40.0);
  }

  private List<Ranked> rank() {
    SuspectRanking ranking = new SuspectRanking();
    ranking.add(new TickEvidence(1, streams, edges, cuts));
    return ranking.rank(service -> "service" + service);
  }
}
