package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link StatisticsStore} does. */
abstract class StatisticsStoreContract {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** Adds samples, and concatenates sketches so that a test sees what was merged. */
  static final HourMerger MERGER =
      (a, b) -> {
        byte[] sketch = new byte[a.sketch().length + b.sketch().length];
        System.arraycopy(a.sketch(), 0, sketch, 0, a.sketch().length);
        System.arraycopy(b.sketch(), 0, sketch, a.sketch().length, b.sketch().length);
        return new HourRow(
            a.operation(),
            a.epochHour(),
            a.samples() + b.samples(),
            (a.meanNanos() * a.samples() + b.meanNanos() * b.samples())
                / (a.samples() + b.samples()),
            a.m2() + b.m2(),
            Math.min(a.minNanos(), b.minNanos()),
            Math.max(a.maxNanos(), b.maxNanos()),
            sketch);
      };

  private Instant now = NOW;

  abstract StatisticsStore store(InstantSource clock);

  static OperationKey key(String operation) {
    return new OperationKey("service", operation, SpanKind.CLIENT);
  }

  static HourRow row(String operation, long hour, long samples, long nanos) {
    return new HourRow(
        key(operation), hour, samples, nanos, 0.5, nanos, nanos, new byte[] {(byte) nanos});
  }

  static CheckpointId firstCheckpoint() {
    return new CheckpointId(UUID.randomUUID(), 1);
  }

  static Map<OperationKey, List<HourRow>> scanned(StatisticsStore store, long since) {
    Map<OperationKey, List<HourRow>> found = new LinkedHashMap<>();
    store.scan(since, (key, rows) -> assertThat(found.put(key, List.copyOf(rows))).isNull());
    return found;
  }

  private static List<HourRow> hours(StatisticsStore store, OperationKey key) {
    return scanned(store, 0).getOrDefault(key, List.of());
  }

  @Test
  void merge_newRows_comeBackAsTheyWere() {
    StatisticsStore store = store(() -> now);
    assertThat(store.merge(firstCheckpoint(), List.of(row("a", 5, 3, 40)))).isTrue();
    HourRow found = hours(store, key("a")).getFirst();
    assertThat(found).usingRecursiveComparison().isEqualTo(row("a", 5, 3, 40));
  }

  @Test
  void merge_knownHour_adds() {
    StatisticsStore store = store(() -> now);
    CheckpointId checkpoint = firstCheckpoint();
    store.merge(checkpoint, List.of(row("a", 5, 3, 40)));
    store.merge(checkpoint.next(), List.of(row("a", 5, 1, 80), row("a", 6, 1, 7)));
    List<HourRow> rows = hours(store, key("a"));
    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst())
        .usingRecursiveComparison()
        .isEqualTo(new HourRow(key("a"), 5, 4, 50, 1.0, 40, 80, new byte[] {40, 80}));
  }

  @Test
  void merge_repeatedCheckpoint_countsOnce() {
    StatisticsStore store = store(() -> now);
    CheckpointId checkpoint = firstCheckpoint();
    assertThat(store.merge(checkpoint, List.of(row("a", 5, 3, 40)))).isTrue();
    assertThat(store.merge(checkpoint, List.of(row("a", 5, 3, 40)))).isFalse();
    assertThat(store.merge(checkpoint.next(), List.of())).isTrue();
    assertThat(store.merge(checkpoint, List.of(row("a", 5, 3, 40)))).isFalse();
    assertThat(store.merge(firstCheckpoint(), List.of(row("a", 5, 1, 40)))).isTrue();
    assertThat(hours(store, key("a")).getFirst().samples()).isEqualTo(4);
  }

  @Test
  void merge_twoRowsOfOneHour_isRefusedWhole() {
    StatisticsStore store = store(() -> now);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> store.merge(firstCheckpoint(), List.of(row("a", 5, 3, 1), row("a", 5, 3, 2))));
    assertThat(scanned(store, 0)).isEmpty();
  }

  @Test
  void merge_namesThatAreCut_areOneOperation() {
    StatisticsStore store = store(() -> now);
    String name = "n".repeat(StoredText.NAME_BYTES_MAX);
    store.merge(
        firstCheckpoint(),
        List.of(row(name + "a", 5, 1, 1), row(name, 5, 1, 1), row("\0", 5, 1, 1)));
    assertThat(scanned(store, 0)).containsOnlyKeys(key(name), key("\uFFFD"));
    assertThat(hours(store, key(name)).getFirst().samples()).isEqualTo(2);
  }

  @Test
  void scan_manyOperations_areInOrderAndSinceTheHour() {
    StatisticsStore store = store(() -> now);
    List<HourRow> rows = new ArrayList<>();
    for (int i = 150; i > 0; i--) {
      for (int hour = 3; hour > 0; hour--) {
        rows.add(row("op %03d".formatted(i), hour, 1, 1));
      }
    }
    rows.add(row("old", 1, 1, 1));
    store.merge(firstCheckpoint(), rows);
    Map<OperationKey, List<HourRow>> found = scanned(store, 2);
    assertThat(found).hasSize(150);
    assertThat(found.keySet()).extracting(OperationKey::operation).isSorted();
    assertThat(found.values())
        .allSatisfy(
            hours -> assertThat(hours).extracting(HourRow::epochHour).containsExactly(2L, 3L));
  }

  @Test
  void scan_someOperations_leavesOutTheOthers() {
    StatisticsStore store = store(() -> now);
    store.merge(firstCheckpoint(), List.of(row("a", 5, 1, 1), row("b", 5, 1, 1)));
    List<OperationKey> seen = new ArrayList<>();
    store.scan(List.of(key("b"), key("none")), 0, (key, rows) -> seen.add(key));
    store.scan(List.of(), 0, (key, rows) -> seen.add(key));
    assertThat(seen).containsExactly(key("b"));
  }

  @Test
  void changedSince_givesThoseThatChanged() {
    StatisticsStore store = store(() -> now);
    store.merge(firstCheckpoint(), List.of(row("a", 5, 1, 1)));
    now = NOW.plusSeconds(60);
    store.merge(firstCheckpoint(), List.of(row("b", 5, 1, 1)));
    assertThat(store.changedSince(NOW)).containsExactly(key("a"), key("b"));
    assertThat(store.changedSince(now)).containsExactly(key("b"));
    assertThat(store.changedSince(now.plus(StatisticsStore.CHANGED_OVERLAP).plusSeconds(1)))
        .isEmpty();
  }

  @Test
  void deleteBefore_isBounded() {
    StatisticsStore store = store(() -> now);
    store.merge(
        firstCheckpoint(), List.of(row("a", 1, 1, 1), row("a", 2, 1, 1), row("b", 1, 1, 1)));
    assertThat(store.deleteBefore(2, 1)).isEqualTo(1);
    assertThat(store.deleteBefore(2, 10)).isEqualTo(1);
    assertThat(store.deleteBefore(2, 10)).isZero();
    assertThat(scanned(store, 0)).containsOnlyKeys(key("a"));
  }
}
