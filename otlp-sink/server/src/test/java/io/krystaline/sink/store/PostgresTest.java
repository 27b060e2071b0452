package io.krystaline.sink.store;

import static io.krystaline.sink.incident.Incidents.closed;
import static io.krystaline.sink.incident.Incidents.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.DatabaseSettings;
import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.platform.db.SqlArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every contract against one real PostgreSQL, and what only a real one can show. */
class PostgresTest {
  @TempDir static Path directory;
  private static Database database;

  @BeforeAll
  static void start() {
    database = new Database(DatabaseSettings.embedded(directory.resolve("shared")), "db/migration");
    database.start();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @BeforeEach
  void empty() {
    database.inTransaction(
        "clear",
        handle ->
            handle.execute(
                "TRUNCATE anomaly, trace_span, operation, hour_statistics, checkpoint, baseline,"
                    + " recalculation, incident, incident_entry, silence, detection_rule,"
                    + " exclusion"));
  }

  @Nested
  class Anomalies extends AnomalyStoreContract {
    @Override
    AnomalyStore store(InstantSource clock, int spansPerTraceMax) {
      return new PostgresAnomalyStore(database, clock, spansPerTraceMax);
    }
  }

  @Nested
  class Statistics extends StatisticsStoreContract {
    @Override
    StatisticsStore store(InstantSource clock) {
      return new PostgresStatisticsStore(database, clock, MERGER);
    }

    @Test
    void merge_twoProcessesAtOnce_loseNothing() throws Exception {
      try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          StatisticsStore writer = store(() -> NOW);
          writers.add(
              executor.submit(
                  () -> {
                    CheckpointId checkpoint = firstCheckpoint();
                    for (int n = 0; n < 20; n++) {
                      writer.merge(checkpoint, List.of(row("a", 1, 1, 10), row("b", 1, 1, 10)));
                      checkpoint = checkpoint.next();
                    }
                  }));
        }
        for (Future<?> writer : writers) {
          writer.get(60, TimeUnit.SECONDS);
        }
      }
      assertThat(scanned(store(() -> NOW), 0))
          .allSatisfy((key, rows) -> assertThat(rows.getFirst().samples()).isEqualTo(80));
    }
  }

  @Nested
  class Baselines extends BaselineStoreContract {
    @Override
    BaselineStore store() {
      return new PostgresBaselineStore(database);
    }
  }

  @Nested
  class Recalculations extends RecalculationStoreContract {
    @Override
    RecalculationStore store() {
      return new PostgresRecalculationStore(database);
    }

    @Test
    void start_manyAtOnce_oneWins() throws Exception {
      try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
        List<Future<RecalculationStart>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          starts.add(executor.submit(() -> store().start(RecalculationKind.FULL, NOW)));
        }
        int started = 0;
        for (Future<RecalculationStart> start : starts) {
          started += start.get() instanceof RecalculationStart.Started ? 1 : 0;
        }
        assertThat(started).isEqualTo(1);
      }
    }
  }

  @Nested
  class Incidents extends IncidentStoreContract {
    @Override
    IncidentStore store(InstantSource clock) {
      return new PostgresIncidentStore(database, clock);
    }
  }

  @Nested
  class Silences extends SilenceStoreContract {
    @Override
    SilenceStore store() {
      return new PostgresSilenceStore(database);
    }
  }

  @Nested
  class Rules extends RuleStoreContract {
    @Override
    RuleStore store() {
      return new PostgresRuleStore(database);
    }
  }

  @Nested
  class Exclusions extends ExclusionStoreContract {
    @Override
    ExclusionStore store() {
      return new PostgresExclusionStore(database);
    }
  }

  @Test
  void save_sameIncidentByManyAtOnce_keepsTheLatestAndOneLog() throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        IncidentStore store = new PostgresIncidentStore(database, () -> Instant.EPOCH);
        writers.add(
            executor.submit(
                () -> {
                  store.save(open("one"));
                  store.save(closed(open("one"), 60));
                }));
      }
      for (Future<?> writer : writers) {
        writer.get(60, TimeUnit.SECONDS);
      }
    }
    IncidentStore store = new PostgresIncidentStore(database, () -> Instant.EPOCH);
    assertThat(store.byId("one").orElseThrow().incident()).isEqualTo(closed(open("one"), 60));
    assertThat(store.entries("one"))
        .extracting(IncidentEntry::action)
        .containsExactly(IncidentEntry.Action.OPENED, IncidentEntry.Action.CLOSED);
  }

  @Test
  void save_largeBatches_isFast() {
    AnomalyStore store = new PostgresAnomalyStore(database, () -> Instant.EPOCH, 10_000);
    List<List<AnomalyRecord>> batches = new ArrayList<>();
    for (int batch = 0; batch < 20; batch++) {
      batches.add(AnomalyStoreContract.random(500, batch, 500));
    }
    long begun = System.nanoTime();
    for (List<AnomalyRecord> batch : batches) {
      store.save(batch);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf("anomalies stored: %.0f a second, 500 a transaction%n", 10_000 / seconds);
    assertThat(store.find(AnomalyFilter.ALL, 1_000, null).items()).hasSize(1_000);
  }

  @Test
  void loadAll_twoThousandBaselines_isFast() {
    BaselineStore store = new PostgresBaselineStore(database);
    List<StoredBaseline> baselines = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      baselines.add(
          new StoredBaseline(
              StatisticsStoreContract.key("operation " + i), Instant.EPOCH, new byte[4_000]));
    }
    long begun = System.nanoTime();
    store.save(baselines);
    long saved = System.nanoTime();
    assertThat(store.loadAll()).hasSize(2_000);
    System.out.printf(
        "2,000 baselines of 4 KB: saved in %d ms, loaded in %d ms%n",
        (saved - begun) / 1_000_000, (System.nanoTime() - saved) / 1_000_000);
  }

  @Test
  void saveSpans_intoATableWithoutStatistics_looksIntoTheIndex() {
    AnomalyStore store = new PostgresAnomalyStore(database, InstantSource.system(), 10);
    for (int batch = 0; batch < 10; batch++) {
      List<TraceSpan> spans = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        TraceId traceId = new TraceId(batch, i);
        spans.add(new TraceSpan(traceId, new SpanId(i + 1), 1, new byte[200]));
      }
      store.saveSpans(spans);
    }
    byte[][] ids = new byte[400][];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = IdBytes.of(new TraceId(3, i));
    }
    List<String> plan =
        database.withHandle(
            "explain",
            handle ->
                handle
                    .createQuery("EXPLAIN " + PostgresAnomalyStore.STORED_SPANS)
                    .bind("ids", SqlArray.ofBytes(ids))
                    .bind("max", 10)
                    .mapTo(String.class)
                    .list());
    assertThat(plan).anyMatch(line -> line.contains("trace_span_pkey"));
    assertThat(plan).noneMatch(line -> line.contains("Seq Scan"));
  }

  @Test
  void killedServer_whileSaving_keepsEveryAcknowledgedAnomaly() throws Exception {
    Path data = directory.resolve("killed");
    List<AnomalyRecord> acknowledged = new ArrayList<>();
    try (Database crashing = new Database(DatabaseSettings.embedded(data), "db/migration");
        ExecutorService executor = Executors.newSingleThreadExecutor()) {
      crashing.start();
      AnomalyStore store = new PostgresAnomalyStore(crashing, InstantSource.system(), 10);
      CountDownLatch some = new CountDownLatch(20);
      Future<?> writer =
          executor.submit(
              () -> {
                for (int batch = 0; ; batch++) {
                  List<AnomalyRecord> records = AnomalyStoreContract.random(20, batch, 200);
                  store.save(records);
                  acknowledged.addAll(records);
                  some.countDown();
                }
              });
      assertThat(some.await(60, TimeUnit.SECONDS)).isTrue();
      long pid =
          Long.parseLong(Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst());
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertThatThrownBy(() -> writer.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(DatabaseUnavailableException.class);
    }
    try (Database again = new Database(DatabaseSettings.embedded(data), "db/migration")) {
      again.start();
      AnomalyStore store = new PostgresAnomalyStore(again, InstantSource.system(), 10);
      for (AnomalyRecord record : acknowledged) {
        assertThat(store.byId(record.anomaly().traceId(), record.anomaly().spanId()))
            .contains(record.anomaly());
      }
    }
  }
}
