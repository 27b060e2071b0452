package io.krystaline.sink.api;

import static io.krystaline.sink.checkpoint.Teaching.around100;
import static io.krystaline.sink.checkpoint.Teaching.teach;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.DatabaseSettings;
import io.krystaline.sink.checkpoint.HourRows;
import io.krystaline.sink.recalculate.BaselineLoader;
import io.krystaline.sink.store.IncidentStores;
import io.krystaline.sink.store.PostgresAnomalyStore;
import io.krystaline.sink.store.PostgresBaselineStore;
import io.krystaline.sink.store.PostgresRecalculationStore;
import io.krystaline.sink.store.PostgresStatisticsStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From learned spans to the API and over a restart, on a real PostgreSQL. */
class MonitorOnPostgresTest {
  private static final OperationKey CART = new OperationKey("cart", "GET /", SpanKind.SERVER);
  private static final OperationKey RARE = new OperationKey("cart", "rare", SpanKind.CLIENT);

  @TempDir static Path directory;

  @Test
  void learnRecalculateAndRestart_showsTheSameBaselines() throws Exception {
    try (Database database =
        new Database(DatabaseSettings.embedded(directory.resolve("db")), "db/migration")) {
      database.start();
      InstantSource clock = InstantSource.system();
      PostgresStatisticsStore statistics =
          new PostgresStatisticsStore(database, clock, HourRows.MERGER);
      PostgresBaselineStore baselines = new PostgresBaselineStore(database);
      PostgresRecalculationStore runs = new PostgresRecalculationStore(database);
      IncidentStores incidents = IncidentStores.postgres(database, clock);
      PostgresAnomalyStore anomalies = new PostgresAnomalyStore(database, clock, 1_000);
      Baseline learned;
      try (ApiFixture sink =
          new ApiFixture(
              ApiSettings.defaults(),
              new ApiFixture.Stores(clock, anomalies, statistics, runs, baselines, incidents))) {
        learned = recalculateAndRead(sink);
      }
      OperationDirectory restarted =
          new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 2);
      BaselineLoader.Loaded loaded =
          new BaselineLoader(restarted, baselines, statistics, runs, incidents.exclusions(), clock)
              .load();

      assertThat(loaded).isEqualTo(new BaselineLoader.Loaded(2, 1, 0));
      assertThat(restarted.operation(CART).baseline()).isEqualTo(learned);
      assertThat(restarted.operation(CART).isProvisional()).isFalse();
      assertThat(restarted.operation(RARE).isProvisional()).isTrue();
      assertThat(restarted.operation(RARE).baseline().samples()).isEqualTo(300);
    }
  }

  private static Baseline recalculateAndRead(ApiFixture sink) throws Exception {
    Instant now = sink.clock.instant();
    teach(sink.directory, CART, now, around100(2_000));
    teach(sink.directory, RARE, now, around100(300));
    Anomaly anomaly = sink.anomaly(CART, 1, now, 7, new byte[0]);

    assertThat(sink.post("/api/monitor/recalculate").status()).isEqualTo(202);
    assertThat(sink.recalculator.awaitIdle(60_000)).isTrue();

    JsonNode runs = sink.get("/api/monitor/recalculate").body();
    assertThat(runs.at("/items/0/state").asText()).isEqualTo("succeeded");
    assertThat(runs.at("/items/0/operations").asLong()).isEqualTo(2);
    JsonNode items = sink.get("/api/monitor/baselines?sort=-samples").body().get("items");
    assertThat(items).hasSize(2);
    assertThat(items.at("/0/samples").asLong()).isEqualTo(2_000);
    JsonNode active = sink.get("/api/monitor/anomalies?minSeverity=2").body().get("items");
    assertThat(active.at("/0/id").asText()).isEqualTo(anomaly.id());
    JsonNode history = sink.get("/api/monitor/history?service=cart").body();
    assertThat(history.get("total").asLong()).isEqualTo(1);
    JsonNode health = sink.get("/api/monitor/health").body();
    assertThat(health.at("/items/0/activeAnomalies").asLong()).isEqualTo(1);
    assertThat(health.at("/items/0/status").asText()).isEqualTo("healthy");
    return sink.directory.operation(CART).baseline();
  }
}
