package io.krystaline.sink.store;

import java.time.InstantSource;

/** The in-memory twins of {@link IncidentStores}. */
public final class InMemoryIncidentStores {
  private InMemoryIncidentStores() {}

  public static IncidentStores create(InstantSource clock) {
    return new IncidentStores(
        new InMemoryIncidentStore(clock),
        new InMemorySilenceStore(),
        new InMemoryRuleStore(),
        new InMemoryExclusionStore());
  }
}
