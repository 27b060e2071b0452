package io.krystaline.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReconcilerTest {
  private static final SenderCounts SENDER = new SenderCounts(1_000, 0, 0, "", 4);
  private static final SinkCounts SINK = new SinkCounts(1_000, 0, 1_000, 12, 12, 1_000, 0);

  @Test
  void differences_allEqual_none() {
    assertThat(Reconciler.differences(SENDER, SINK, 1, 1)).isEmpty();
    assertThat(Reconciler.differences(SENDER, SINK, 0, 1)).isEmpty();
    assertThat(Reconciler.differences(SENDER, 1_000)).isEmpty();
  }

  @Test
  void differences_anySpanLostOrInvented_isTold() {
    assertThat(Reconciler.differences(SENDER, new SinkCounts(999, 0, 999, 12, 12, 999, 0), 0, 1))
        .singleElement()
        .asString()
        .contains("1,000", "999", "(-1)");
    assertThat(Reconciler.differences(SENDER, new SinkCounts(1_000, 0, 999, 12, 12, 999, 0), 0, 1))
        .singleElement()
        .asString()
        .contains("received", "scored");
    assertThat(Reconciler.differences(SENDER, 1_001)).hasSize(1);
  }

  @Test
  void differences_anyRejectedSpan_isTold() {
    assertThat(Reconciler.differences(SENDER, new SinkCounts(1_000, 1, 999, 12, 12, 999, 0), 0, 1))
        .anySatisfy(text -> assertThat(text).contains("rejected"));
    SenderCounts told = new SenderCounts(1_000, 1, 0, "", 4);
    assertThat(Reconciler.differences(told, new SinkCounts(1_000, 1, 999, 12, 12, 999, 0), 0, 1))
        .containsExactly("1 spans were rejected, none may be");
  }

  @Test
  void differences_anomaliesNotStored_isTold() {
    assertThat(
            Reconciler.differences(SENDER, new SinkCounts(1_000, 0, 1_000, 12, 11, 1_000, 0), 0, 1))
        .containsExactly("anomalies committed: 12, anomalies stored: 11 (-1)");
    assertThat(
            Reconciler.differences(SENDER, new SinkCounts(1_000, 0, 1_000, 3, 3, 1_000, 0), 0, 1))
        .singleElement()
        .asString()
        .contains("surely anomalous");
  }

  @Test
  void differences_detectionMissesSpans_isTold() {
    assertThat(
            Reconciler.differences(SENDER, new SinkCounts(1_000, 0, 1_000, 12, 12, 998, 0), 0, 1))
        .singleElement()
        .asString()
        .contains("2 are held");
    assertThat(
            Reconciler.differences(SENDER, new SinkCounts(1_000, 0, 1_000, 12, 12, 1_001, 0), 0, 1))
        .singleElement()
        .asString()
        .contains("-1 are held");
  }

  @Test
  void differences_failures_areTold() {
    assertThat(
            Reconciler.differences(SENDER, new SinkCounts(1_000, 0, 1_000, 12, 12, 1_000, 2), 0, 1))
        .singleElement()
        .asString()
        .contains("2 transactions");
    SenderCounts failed = new SenderCounts(1_000, 0, 2, "connection reset", 4);
    assertThat(Reconciler.differences(failed, SINK, 0, 1))
        .containsExactly("2 calls failed: connection reset");
    assertThat(Reconciler.differences(failed, 1_000)).hasSize(1);
  }

  @Test
  void since_subtracts() {
    SinkCounts after = new SinkCounts(1_500, 1, 1_499, 15, 14, 1_400, 3);

    assertThat(after.since(SINK)).isEqualTo(new SinkCounts(500, 1, 499, 3, 2, 400, 3));
  }

  @Test
  void metricsText_sum_addsAllSeries() {
    MetricsText metrics =
        new MetricsText(
            """
            # TYPE spans_total counter
            spans_total{transport="grpc"} 12
            spans_total{transport="ht} tp"} 3.0 1700000000
            spans_total_other 100
            plain 7.0
            """);

    assertThat(metrics.sum("spans_total")).isEqualTo(15);
    assertThat(metrics.sum("plain")).isEqualTo(7);
    assertThat(metrics.sum("none")).isZero();
  }

  @Test
  void announced_output_tellsThePlaces() {
    String output =
        """
        building ...
        OTLP/gRPC  127.0.0.1:41833
        OTLP/HTTP  http://127.0.0.1:41834/v1/traces
        """;

    assertThat(SinkReceiver.announced(output, 5)).isEmpty();
    assertThat(
            SinkReceiver.announced(
                output + "API        http://127.0.0.1:41835/api/monitor/anomalies\n", 5))
        .hasValueSatisfying(
            place -> {
              assertThat(place.grpcPort()).isEqualTo(41833);
              assertThat(place.httpPort()).isEqualTo(41834);
              assertThat(place.apiPort()).isEqualTo(41835);
              assertThat(place.pid()).contains(5L);
            });
  }
}
