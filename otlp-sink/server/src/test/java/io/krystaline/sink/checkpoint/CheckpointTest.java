package io.krystaline.sink.checkpoint;

import static io.krystaline.sink.checkpoint.Teaching.teach;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.sink.SettableClock;
import io.krystaline.sink.store.CheckpointId;
import io.krystaline.sink.store.HourRow;
import io.krystaline.sink.store.HoursVisitor;
import io.krystaline.sink.store.InMemoryStatisticsStore;
import io.krystaline.sink.store.StatisticsStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final Instant NOON = Instant.parse("2026-11-18T12:00:00Z");
  private static final OperationKey CART = new OperationKey("cart", "GET /", SpanKind.SERVER);
  private static final OperationKey AUTH = new OperationKey("auth", "login", SpanKind.SERVER);

  private final SettableClock clock = new SettableClock(NOON);
  private final OperationDirectory directory =
      new OperationDirectory(
          BaselineSettings.defaults(), new DirectoryLimits(100, 100, 100, 512, 40), 1);
  private final InMemoryStatisticsStore stored =
      new InMemoryStatisticsStore(clock, HourRows.MERGER);
  private final ServiceWindows windows = new ServiceWindows(clock, Duration.ofMinutes(5));

  private Checkpoint checkpoint(StatisticsStore store, LaneFlusher lanes, int rowsMax) {
    return checkpoint(
        new CheckpointSettings(Duration.ofHours(1), 1_000, rowsMax, 3, Duration.ofSeconds(10)),
        store,
        lanes);
  }

  private Checkpoint checkpoint(
      CheckpointSettings settings, StatisticsStore store, LaneFlusher lanes) {
    return new Checkpoint(settings, directory, store, lanes, windows, new UUID(1, 2));
  }

  private HourStatistics cartOfLate() {
    return windows.read().services().getOrDefault("cart", new HourStatistics());
  }

  private List<HourRow> rows() {
    List<HourRow> rows = new ArrayList<>();
    stored.scan(0, (key, hours) -> rows.addAll(hours));
    return rows;
  }

  @Test
  void run_nothingLearned_storesNothing() {
    checkpoint(stored, LaneFlusher.NONE, 10).run();

    assertThat(rows()).isEmpty();
  }

  @Test
  void run_learnedInTwoHours_storesARowForEach() {
    teach(directory, CART, NOON, 10, 20, 30);
    teach(directory, CART, NOON.plus(Duration.ofHours(1)), 40);

    checkpoint(stored, LaneFlusher.NONE, 10).run();

    assertThat(rows()).extracting(HourRow::samples).containsExactly(3L, 1L);
    HourRow first = rows().getFirst();
    assertThat(first.operation()).isEqualTo(CART);
    assertThat(first.epochHour()).isEqualTo(NOON.getEpochSecond() / 3600);
    assertThat(first.meanNanos()).isEqualTo(20e6);
    assertThat(first.minNanos()).isEqualTo(10_000_000);
    assertThat(first.maxNanos()).isEqualTo(30_000_000);
    assertThat(HourRows.slice(first).statistics().count()).isEqualTo(3);
  }

  @Test
  void run_twice_addsToTheStoredHour() {
    Checkpoint checkpoint = checkpoint(stored, LaneFlusher.NONE, 10);
    teach(directory, CART, NOON, 10);
    checkpoint.run();
    teach(directory, CART, NOON, 30, 50);

    checkpoint.run();

    assertThat(rows()).singleElement().extracting(HourRow::samples).isEqualTo(3L);
    assertThat(rows().getFirst().meanNanos()).isEqualTo(30e6);
  }

  @Test
  void run_scoringThreadsKeepSomething_flushesThemFirst() {
    checkpoint(stored, (from, until) -> teach(directory, CART, NOON, 10), 10).run();

    assertThat(rows()).hasSize(1);
  }

  @Test
  void run_moreRowsThanATransactionTakes_storesThemInSeveral() {
    teach(directory, CART, NOON, 10);
    teach(directory, AUTH, NOON, 20);

    checkpoint(stored, LaneFlusher.NONE, 1).run();

    assertThat(rows()).extracting(HourRow::operation).containsExactly(AUTH, CART);
  }

  @Test
  void run_storeAway_keepsEverythingUntilItIsBack() {
    Checkpoint checkpoint = checkpoint(stored, LaneFlusher.NONE, 1);
    teach(directory, CART, NOON, 10);
    teach(directory, AUTH, NOON, 20);
    stored.setUnavailable(true);
    assertThatThrownBy(checkpoint::run).isInstanceOf(DatabaseUnavailableException.class);
    assertThat(checkpoint.isBehind()).isTrue();
    teach(directory, CART, NOON, 30);
    stored.setUnavailable(false);

    checkpoint.run();

    assertThat(rows()).extracting(HourRow::samples).containsExactly(1L, 2L);
    assertThat(checkpoint.isBehind()).isFalse();
  }

  @Test
  void run_answerOfTheStoreLost_countsNothingTwice() {
    Checkpoint checkpoint = checkpoint(new LosesFirstAnswer(stored), LaneFlusher.NONE, 10);
    teach(directory, CART, NOON, 10);
    assertThatThrownBy(checkpoint::run).isInstanceOf(DatabaseUnavailableException.class);
    teach(directory, CART, NOON, 20);

    checkpoint.run();

    assertThat(rows()).singleElement().extracting(HourRow::samples).isEqualTo(2L);
  }

  @Test
  void run_rowsRefusedForGood_givesThemUpAndGoesOn() {
    AtomicInteger calls = new AtomicInteger();
    StatisticsStore refusing =
        new Forwarding(stored) {
          @Override
          public boolean merge(CheckpointId id, List<HourRow> rows) {
            if (calls.incrementAndGet() <= 3) {
              throw new IllegalStateException("refused");
            }
            return super.merge(id, rows);
          }
        };
    Checkpoint checkpoint = checkpoint(refusing, LaneFlusher.NONE, 10);
    teach(directory, CART, NOON, 10);
    assertThatThrownBy(checkpoint::run).hasMessage("refused");
    assertThatThrownBy(checkpoint::run).hasMessage("refused");

    checkpoint.run();
    teach(directory, AUTH, NOON, 20);
    checkpoint.run();

    assertThat(rows()).singleElement().extracting(HourRow::operation).isEqualTo(AUTH);
  }

  @Test
  void start_moreOperationsThanOneTakes_goesOnWithTheNext() throws InterruptedException {
    teach(directory, CART, NOON, 10);
    teach(directory, AUTH, NOON, 20);
    int operations = directory.size();
    List<List<Integer>> ranges = new CopyOnWriteArrayList<>();

    List<HourRow> rows = rowsAfter(operations, ranges);

    for (int i = 0; i <= operations; i++) {
      int from = i % operations;
      assertThat(ranges.get(i)).containsExactly(from, from + 1);
    }
    assertThat(rows).extracting(HourRow::operation).containsExactly(AUTH, CART);
  }

  @Test
  void start_halfOfTheWaitingHoursUsedUp_storesAllAtOnce() throws InterruptedException {
    for (int hour = 0; hour <= directory.limits().pendingHours() / 2; hour++) {
      teach(directory, CART, NOON.minus(Duration.ofHours(hour)), 10);
    }
    List<List<Integer>> ranges = new CopyOnWriteArrayList<>();

    List<HourRow> rows = rowsAfter(1, ranges);

    assertThat(ranges.get(0)).containsExactly(0, Integer.MAX_VALUE);
    assertThat(ranges.get(1)).containsExactly(0, 1);
    assertThat(rows).hasSize(directory.limits().pendingHours() / 2 + 1);
  }

  /** What so many checkpoints of one operation each have stored; notes what each flushed. */
  private List<HourRow> rowsAfter(int checkpoints, List<List<Integer>> ranges)
      throws InterruptedException {
    CountDownLatch flushed = new CountDownLatch(checkpoints + 1);
    CheckpointSettings settings =
        new CheckpointSettings(Duration.ofMillis(1), 1, 10, 3, Duration.ofSeconds(10));
    try (Checkpoint checkpoint =
        checkpoint(
            settings,
            stored,
            (from, until) -> {
              ranges.add(List.of(from, until));
              flushed.countDown();
            })) {
      checkpoint.start();
      assertThat(flushed.await(10, TimeUnit.SECONDS)).isTrue();
      return rows();
    }
  }

  @Test
  void close_learnedSinceTheLastRun_storesIt() {
    Checkpoint checkpoint = checkpoint(stored, LaneFlusher.NONE, 10);
    checkpoint.start();
    teach(directory, CART, NOON, 10);

    checkpoint.close();

    assertThat(rows()).hasSize(1);
  }

  @Test
  void windows_spansOfLateAndOfLongAgo_showsThoseOfLate() {
    Checkpoint checkpoint = checkpoint(stored, LaneFlusher.NONE, 10);
    teach(directory, CART, NOON, 10);
    checkpoint.run();
    clock.advance(Duration.ofMinutes(3));
    teach(directory, CART, NOON, 30);
    checkpoint.run();
    assertThat(cartOfLate().count()).isEqualTo(2);

    clock.advance(Duration.ofMinutes(3));
    assertThat(cartOfLate().meanNanos()).isEqualTo(30e6);
    assertThat(windows.read().since()).isEqualTo(NOON.plus(Duration.ofMinutes(3)));

    clock.advance(Duration.ofHours(1));
    assertThat(windows.read().services()).isEmpty();
  }

  /** Stores, and then says that the connection broke, the first time. */
  private static final class LosesFirstAnswer extends Forwarding {
    private boolean lost;

    LosesFirstAnswer(StatisticsStore store) {
      super(store);
    }

    @Override
    public boolean merge(CheckpointId id, List<HourRow> rows) {
      boolean applied = super.merge(id, rows);
      if (!lost) {
        lost = true;
        throw new DatabaseUnavailableException("the connection broke");
      }
      return applied;
    }
  }

  /** A store that is another store. */
  private static class Forwarding implements StatisticsStore {
    private final StatisticsStore store;

    Forwarding(StatisticsStore store) {
      this.store = store;
    }

    @Override
    public boolean merge(CheckpointId id, List<HourRow> rows) {
      return store.merge(id, rows);
    }

    @Override
    public void scan(long sinceEpochHour, HoursVisitor visitor) {
      store.scan(sinceEpochHour, visitor);
    }

    @Override
    public void scan(
        Collection<OperationKey> operations, long sinceEpochHour, HoursVisitor visitor) {
      store.scan(operations, sinceEpochHour, visitor);
    }

    @Override
    public List<OperationKey> changedSince(Instant time) {
      return store.changedSince(time);
    }

    @Override
    public long deleteBefore(long epochHour, int limit) {
      return store.deleteBefore(epochHour, limit);
    }
  }
}
