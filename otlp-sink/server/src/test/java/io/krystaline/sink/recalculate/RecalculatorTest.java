package io.krystaline.sink.recalculate;

import static io.krystaline.sink.checkpoint.Teaching.around100;
import static io.krystaline.sink.checkpoint.Teaching.teach;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.Bucket;
import io.krystaline.engine.baseline.BucketLevel;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.HourOfWeek;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.sink.SettableClock;
import io.krystaline.sink.checkpoint.Checkpoint;
import io.krystaline.sink.checkpoint.CheckpointSettings;
import io.krystaline.sink.checkpoint.HourRows;
import io.krystaline.sink.checkpoint.LaneFlusher;
import io.krystaline.sink.checkpoint.ServiceWindows;
import io.krystaline.sink.store.CheckpointId;
import io.krystaline.sink.store.Exclusion;
import io.krystaline.sink.store.HourRow;
import io.krystaline.sink.store.InMemoryBaselineStore;
import io.krystaline.sink.store.InMemoryExclusionStore;
import io.krystaline.sink.store.InMemoryRecalculationStore;
import io.krystaline.sink.store.InMemoryStatisticsStore;
import io.krystaline.sink.store.RecalculationKind;
import io.krystaline.sink.store.RecalculationRun;
import io.krystaline.sink.store.RecalculationStart;
import io.krystaline.sink.store.RecalculationState;
import io.krystaline.sink.store.StoredBaseline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RecalculatorTest {
  private static final Instant NOON = Instant.parse("2026-11-18T12:00:00Z");
  private static final long NOON_HOUR = NOON.getEpochSecond() / 3600;
  private static final OperationKey CART = new OperationKey("cart", "GET /", SpanKind.SERVER);
  private static final OperationKey AUTH = new OperationKey("auth", "login", SpanKind.SERVER);

  private final SettableClock clock = new SettableClock(NOON);
  private final InMemoryStatisticsStore statistics =
      new InMemoryStatisticsStore(clock, HourRows.MERGER);
  private final InMemoryBaselineStore baselines = new InMemoryBaselineStore();
  private final InMemoryRecalculationStore runs = new InMemoryRecalculationStore();
  private final InMemoryExclusionStore exclusions = new InMemoryExclusionStore();
  private OperationDirectory directory = newDirectory();
  private long sequence;

  private static OperationDirectory newDirectory() {
    return new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
  }

  private Recalculator recalculator(LaneFlusher lanes) {
    Checkpoint checkpoint =
        new Checkpoint(
            CheckpointSettings.defaults(),
            directory,
            statistics,
            lanes,
            new ServiceWindows(clock, Duration.ofMinutes(5)),
            UUID.randomUUID());
    return new Recalculator(
        RecalculationSettings.defaults(),
        directory,
        statistics,
        baselines,
        runs,
        exclusions,
        checkpoint,
        clock);
  }

  private RecalculationRun runToTheEnd(Recalculator recalculator, RecalculationKind kind)
      throws InterruptedException {
    assertThat(recalculator.request(kind)).isInstanceOf(RecalculationStart.Started.class);
    assertThat(recalculator.awaitIdle(20_000)).isTrue();
    return recalculator.latest(1).getFirst();
  }

  private void store(OperationKey key, long epochHour, int count) {
    HourStatistics hour = new HourStatistics();
    for (long millis : around100(count)) {
      hour.add(millis * 1_000_000);
    }
    statistics.merge(
        new CheckpointId(new UUID(7, 7), ++sequence), List.of(HourRows.row(key, epochHour, hour)));
  }

  @Test
  void request_nothingStored_succeedsWithoutABaseline() throws InterruptedException {
    RecalculationRun run = runToTheEnd(recalculator(LaneFlusher.NONE), RecalculationKind.FULL);

    assertThat(run.state()).isEqualTo(RecalculationState.SUCCEEDED);
    assertThat(run.operations()).isZero();
  }

  @Test
  void request_hoursOfTheLastDays_storesAndInstallsBaselines() throws InterruptedException {
    store(CART, NOON_HOUR, 600);
    store(CART, NOON_HOUR - 5, 600);
    store(AUTH, NOON_HOUR, 1200);
    store(AUTH, NOON_HOUR - 31 * 24, 5_000);

    RecalculationRun run = runToTheEnd(recalculator(LaneFlusher.NONE), RecalculationKind.FULL);

    assertThat(run.operations()).isEqualTo(2);
    assertThat(baselines.loadAll())
        .extracting(StoredBaseline::operation)
        .containsExactly(AUTH, CART);
    Operation cart = directory.operation(CART);
    assertThat(cart.isProvisional()).isFalse();
    Bucket bucket = cart.baseline().resolve(HourOfWeek.of(NOON_HOUR, ZoneOffset.UTC)).orElseThrow();
    assertThat(bucket.level()).isEqualTo(BucketLevel.HOUR_OF_WEEK);
    assertThat(bucket.samples()).isEqualTo(600);
    assertThat(directory.operation(AUTH).baseline().samples()).isEqualTo(1200);
  }

  @Test
  void request_spansLearnedJustBefore_arePartOfIt() throws InterruptedException {
    Recalculator recalculator =
        recalculator((from, until) -> teach(directory, CART, NOON, around100(2_000)));

    runToTheEnd(recalculator, RecalculationKind.FULL);

    assertThat(directory.operation(CART).baseline().samples()).isEqualTo(2_000);
  }

  @Test
  void request_incremental_readsOnlyWhatChanged() throws InterruptedException {
    store(CART, NOON_HOUR, 1_000);
    store(AUTH, NOON_HOUR, 1_000);
    clock.advance(Duration.ofHours(1));
    Recalculator recalculator = recalculator(LaneFlusher.NONE);
    runToTheEnd(recalculator, RecalculationKind.FULL);
    clock.advance(Duration.ofHours(1));
    store(AUTH, NOON_HOUR + 1, 500);

    RecalculationRun run = runToTheEnd(recalculator, RecalculationKind.INCREMENTAL);

    assertThat(run.operations()).isEqualTo(1);
    assertThat(directory.operation(AUTH).baseline().samples()).isEqualTo(1_500);
    assertThat(directory.operation(CART).baseline().samples()).isEqualTo(1_000);
  }

  @Test
  void request_incrementalWithoutAnEarlierSuccess_readsEverything() throws InterruptedException {
    store(CART, NOON_HOUR - 300, 1_000);

    RecalculationRun run =
        runToTheEnd(recalculator(LaneFlusher.NONE), RecalculationKind.INCREMENTAL);

    assertThat(run.operations()).isEqualTo(1);
  }

  @Test
  void request_whileOneRuns_isRefused() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    Recalculator recalculator =
        recalculator(
            (from, until) -> {
              try {
                release.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    RecalculationStart first = recalculator.request(RecalculationKind.FULL);

    RecalculationStart second = recalculator.request(RecalculationKind.FULL);

    assertThat(first).isInstanceOf(RecalculationStart.Started.class);
    assertThat(second).isEqualTo(new RecalculationStart.AlreadyRunning(first.run()));
    release.countDown();
    assertThat(recalculator.awaitIdle(20_000)).isTrue();
    assertThat(recalculator.request(RecalculationKind.FULL))
        .isInstanceOf(RecalculationStart.Started.class);
    recalculator.close();
  }

  @Test
  void request_storeLostDuringTheRun_isRecordedAsFailed() throws InterruptedException {
    store(CART, NOON_HOUR, 1_000);
    baselines.setUnavailable(true);

    RecalculationRun run = runToTheEnd(recalculator(LaneFlusher.NONE), RecalculationKind.FULL);

    assertThat(run.state()).isEqualTo(RecalculationState.FAILED);
    assertThat(run.error()).contains("unavailable");
    assertThat(directory.operation(CART).baseline()).isEqualTo(Baseline.LEARNING);
  }

  @Test
  void request_corruptHour_leavesItOutAndUsesTheOthers() throws InterruptedException {
    store(CART, NOON_HOUR, 1_000);
    statistics.merge(
        new CheckpointId(new UUID(8, 8), 1),
        List.of(new HourRow(CART, NOON_HOUR - 1, 5, 1, 1, 1, 1, new byte[] {99, 1, 2})));

    RecalculationRun run = runToTheEnd(recalculator(LaneFlusher.NONE), RecalculationKind.FULL);

    assertThat(run.state()).isEqualTo(RecalculationState.SUCCEEDED);
    assertThat(directory.operation(CART).baseline().samples()).isEqualTo(1_000);
  }

  @Test
  void request_afterClose_isRefused() {
    Recalculator recalculator = recalculator(LaneFlusher.NONE);
    recalculator.close();

    assertThatThrownBy(() -> recalculator.request(RecalculationKind.FULL))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void load_afterARestart_findsBaselinesAgain() throws InterruptedException {
    store(CART, NOON_HOUR, 1_000);
    runToTheEnd(recalculator(LaneFlusher.NONE), RecalculationKind.FULL);
    Baseline before = directory.operation(CART).baseline();
    directory = newDirectory();

    BaselineLoader.Loaded loaded = load();

    assertThat(loaded).isEqualTo(new BaselineLoader.Loaded(1, 0, 0));
    assertThat(directory.operation(CART).baseline()).isEqualTo(before);
    assertThat(directory.operation(CART).isProvisional()).isFalse();
  }

  @Test
  void load_operationsWithoutABaseline_goOnLearning() {
    store(CART, NOON_HOUR, 60);
    store(AUTH, NOON_HOUR, 200);

    BaselineLoader.Loaded loaded = load();

    assertThat(loaded).isEqualTo(new BaselineLoader.Loaded(0, 2, 0));
    assertThat(directory.operation(AUTH).baseline().samples()).isEqualTo(200);
    assertThat(directory.operation(AUTH).isProvisional()).isTrue();
    assertThat(directory.operation(CART).baseline().isLearning()).isTrue();
    teach(directory, CART, NOON, around100(40));
    assertThat(directory.operation(CART).baseline().samples()).isEqualTo(100);
  }

  @Test
  void load_corruptBaseline_leavesItOut() {
    baselines.save(List.of(new StoredBaseline(CART, NOON, new byte[] {42})));

    assertThat(load()).isEqualTo(new BaselineLoader.Loaded(0, 0, 1));
  }

  @Test
  void load_moreOperationsThanTheDirectoryTakes_keepsOtherAsItIs() {
    directory =
        new OperationDirectory(
            BaselineSettings.defaults(), new DirectoryLimits(1, 500, 50_000, 512), 1);
    store(CART, NOON_HOUR, 2_000);
    store(new OperationKey("cart", "GET /z", SpanKind.SERVER), NOON_HOUR, 2_000);

    BaselineLoader.Loaded loaded = load();

    assertThat(loaded).isEqualTo(new BaselineLoader.Loaded(0, 1, 1));
    assertThat(directory.service("cart").other().baseline().isLearning()).isTrue();
  }

  private BaselineLoader.Loaded load() {
    return new BaselineLoader(directory, baselines, statistics, runs, exclusions, clock).load();
  }

  private void exclude(List<OperationKey> operations, long firstHour, long lastHour) {
    long hourNanos = Duration.ofHours(1).toNanos();
    exclusions.create(
        new Exclusion(
            0,
            "1",
            List.of("cart"),
            operations,
            firstHour * hourNanos + 5,
            lastHour * hourNanos + 6,
            "ada",
            NOON,
            ""));
  }

  @Test
  void request_excludedHours_doNotTeach() throws InterruptedException {
    store(CART, NOON_HOUR, 1_000);
    store(CART, NOON_HOUR - 1, 300);
    store(CART, NOON_HOUR - 2, 20);
    store(CART, NOON_HOUR - 3, 4);
    store(AUTH, NOON_HOUR - 1, 1_500);
    exclude(List.of(CART), NOON_HOUR - 2, NOON_HOUR - 1);

    runToTheEnd(recalculator(LaneFlusher.NONE), RecalculationKind.FULL);

    assertThat(directory.operation(CART).baseline().samples()).isEqualTo(1_004);
    assertThat(directory.operation(AUTH).baseline().samples()).isEqualTo(1_500);
  }

  @Test
  void request_everyHourExcluded_learnsAnewAlsoAfterARestart() throws InterruptedException {
    store(CART, NOON_HOUR, 1_000);
    Recalculator recalculator = recalculator(LaneFlusher.NONE);
    runToTheEnd(recalculator, RecalculationKind.FULL);
    assertThat(directory.operation(CART).baseline().isLearning()).isFalse();
    exclude(List.of(), NOON_HOUR, NOON_HOUR);

    runToTheEnd(recalculator, RecalculationKind.FULL);
    boolean learning = directory.operation(CART).baseline().isLearning();
    directory = newDirectory();
    load();

    assertThat(learning).isTrue();
    assertThat(directory.operation(CART).baseline().isLearning()).isTrue();
    assertThat(directory.operation(CART).isProvisional()).isTrue();
  }

  @Test
  void requestFresh_whileOneRuns_isFollowedByAnother() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    Recalculator recalculator =
        recalculator(
            (from, until) -> {
              try {
                release.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    assertThat(recalculator.requestFresh()).isInstanceOf(RecalculationStart.Started.class);
    assertThat(recalculator.requestFresh()).isInstanceOf(RecalculationStart.AlreadyRunning.class);
    assertThat(recalculator.requestFresh()).isInstanceOf(RecalculationStart.AlreadyRunning.class);
    release.countDown();

    assertThat(recalculator.awaitIdle(20_000)).isTrue();

    assertThat(recalculator.latest(9)).hasSize(2);
  }

  @Test
  void check_beforeAndAfterTheTime_runsOnce() throws InterruptedException {
    clock.set(Instant.parse("2026-11-18T02:59:00Z"));
    Recalculator recalculator = recalculator(LaneFlusher.NONE);
    RecalculationSchedule schedule = schedule(recalculator);
    schedule.check();
    assertThat(recalculator.latest(9)).isEmpty();
    assertThat(schedule.next()).contains(Instant.parse("2026-11-18T03:00:00Z"));

    clock.set(Instant.parse("2026-11-18T03:00:05Z"));
    schedule.check();
    assertThat(recalculator.awaitIdle(20_000)).isTrue();
    schedule.check();

    assertThat(recalculator.latest(9)).hasSize(1);
  }

  @Test
  void check_runMissedWhileStopped_isMadeUpFor() throws InterruptedException {
    clock.set(Instant.parse("2026-11-17T03:00:00Z"));
    runToTheEnd(recalculator(LaneFlusher.NONE), RecalculationKind.FULL);
    clock.set(Instant.parse("2026-11-18T09:00:00Z"));
    Recalculator recalculator = recalculator(LaneFlusher.NONE);

    schedule(recalculator).check();

    assertThat(recalculator.awaitIdle(20_000)).isTrue();
    assertThat(recalculator.latest(9)).hasSize(2);
  }

  private RecalculationSchedule schedule(Recalculator recalculator) {
    RecalculationSettings settings = RecalculationSettings.defaults();
    return new RecalculationSchedule(
        settings, CronSchedule.parse(settings.cron(), ZoneOffset.UTC), recalculator, runs, clock);
  }
}
