package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.krystaline.engine.span.OperationKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link BaselineStore} does. */
abstract class BaselineStoreContract {
  private static final Instant FIRST = Instant.parse("2026-11-21T12:00:00.000001Z");

  abstract BaselineStore store();

  private static StoredBaseline baseline(String operation, Instant calculated, int payload) {
    OperationKey key = StatisticsStoreContract.key(operation);
    return new StoredBaseline(key, calculated, new byte[] {0, (byte) payload});
  }

  @Test
  void loadAll_empty_isEmpty() {
    BaselineStore store = store();
    store.save(List.of());
    assertThat(store.loadAll()).isEmpty();
  }

  @Test
  void save_again_replacesThoseAndKeepsOthers() {
    BaselineStore store = store();
    store.save(List.of(baseline("b", FIRST, 1), baseline("a", FIRST, 2)));
    store.save(List.of(baseline("b", FIRST.plusSeconds(1), 3)));
    assertThat(store.loadAll())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(baseline("a", FIRST, 2), baseline("b", FIRST.plusSeconds(1), 3));
  }

  @Test
  void save_twiceTheSame_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().save(List.of(baseline("a", FIRST, 1), baseline("a", FIRST, 2))));
  }

  @Test
  void deleteCalculatedBefore_leavesTheNewer() {
    BaselineStore store = store();
    store.save(List.of(baseline("a", FIRST, 1), baseline("b", FIRST.plusSeconds(1), 1)));
    assertThat(store.deleteCalculatedBefore(FIRST.plusSeconds(1))).isEqualTo(1);
    assertThat(store.loadAll()).hasSize(1);
  }
}
