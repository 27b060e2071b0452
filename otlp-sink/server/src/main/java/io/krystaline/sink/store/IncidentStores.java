package io.krystaline.sink.store;

import io.krystaline.platform.db.Database;
import java.time.InstantSource;
import java.util.Objects;

/** The stores of incidents and of what people do with them, which belong together. */
public record IncidentStores(
    IncidentStore incidents, SilenceStore silences, RuleStore rules, ExclusionStore exclusions) {
  public IncidentStores {
    Objects.requireNonNull(incidents, "incidents");
    Objects.requireNonNull(silences, "silences");
    Objects.requireNonNull(rules, "rules");
    Objects.requireNonNull(exclusions, "exclusions");
  }

  /** Those over a database that is started by somebody else. */
  public static IncidentStores postgres(Database database, InstantSource clock) {
    return new IncidentStores(
        new PostgresIncidentStore(database, clock),
        new PostgresSilenceStore(database),
        new PostgresRuleStore(database),
        new PostgresExclusionStore(database));
  }
}
