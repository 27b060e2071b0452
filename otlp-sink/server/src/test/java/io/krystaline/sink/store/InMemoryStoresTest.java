package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.platform.db.DatabaseUnavailableException;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The in-memory twins keep the same contracts as PostgreSQL. */
class InMemoryStoresTest {
  @Nested
  class Anomalies extends AnomalyStoreContract {
    @Override
    AnomalyStore store(InstantSource clock, int spansPerTraceMax) {
      return new InMemoryAnomalyStore(clock, spansPerTraceMax);
    }
  }

  @Nested
  class Statistics extends StatisticsStoreContract {
    @Override
    StatisticsStore store(InstantSource clock) {
      return new InMemoryStatisticsStore(clock, MERGER);
    }
  }

  @Nested
  class Baselines extends BaselineStoreContract {
    @Override
    BaselineStore store() {
      return new InMemoryBaselineStore();
    }
  }

  @Nested
  class Recalculations extends RecalculationStoreContract {
    @Override
    RecalculationStore store() {
      return new InMemoryRecalculationStore();
    }
  }

  @Nested
  class Incidents extends IncidentStoreContract {
    @Override
    IncidentStore store(InstantSource clock) {
      return new InMemoryIncidentStore(clock);
    }
  }

  @Nested
  class Silences extends SilenceStoreContract {
    @Override
    SilenceStore store() {
      return new InMemorySilenceStore();
    }
  }

  @Nested
  class Rules extends RuleStoreContract {
    @Override
    RuleStore store() {
      return new InMemoryRuleStore();
    }
  }

  @Nested
  class Exclusions extends ExclusionStoreContract {
    @Override
    ExclusionStore store() {
      return new InMemoryExclusionStore();
    }
  }

  @Test
  void setUnavailable_everyCallFails() {
    InMemoryAnomalyStore store = new InMemoryAnomalyStore();
    store.setUnavailable(true);
    assertThatThrownBy(() -> store.countByService(AnomalyFilter.ALL))
        .isInstanceOf(DatabaseUnavailableException.class);
  }
}
