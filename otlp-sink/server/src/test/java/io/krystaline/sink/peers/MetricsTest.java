package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Metrics METRICS =
      new Metrics(
          """
          # TYPE spans counter
          spans{transport="grpc"} 12
          spans{transport="http"} 2e+06
          spans_total 4
          alone 7.0
          """);

  @Test
  void sum_severalSeries_addsThem() {
    assertThat(METRICS.sum("spans")).isEqualTo(2_000_012);
  }

  @Test
  void sum_label_countsItsSeriesOnly() {
    assertThat(METRICS.sum("spans", "transport=\"grpc\"")).isEqualTo(12);
  }

  @Test
  void sum_noLabels_readsTheValue() {
    assertThat(METRICS.sum("alone")).isEqualTo(7);
  }

  @Test
  void sum_unknownName_isZero() {
    assertThat(METRICS.sum("span")).isZero();
  }
}
