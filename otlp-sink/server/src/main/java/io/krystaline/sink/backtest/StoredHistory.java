package io.krystaline.sink.backtest;

import io.krystaline.engine.detect.AlarmRule;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.incident.Evidence;
import io.krystaline.engine.incident.Incident;
import io.krystaline.sink.store.IncidentCursor;
import io.krystaline.sink.store.IncidentFilter;
import io.krystaline.sink.store.IncidentPage;
import io.krystaline.sink.store.IncidentStore;
import io.krystaline.sink.store.StoredIncident;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Incidents that are kept, looked at again: the evidence that is kept with each says how strong its
 * stream was and at which threshold it alarmed. Another budget moves that threshold by {@code
 * ln(current / changed)} nats, a rule multiplies it; what is still beyond would have fired. From 1
 * false incident a day to 0.1, 12.3 nats become 14.6.
 *
 * <p>It can't find what never was an incident, so a more sensitive configuration changes nothing
 * here.
 */
public final class StoredHistory {
  /** The most incidents that are looked at, the newest. */
  public static final int INCIDENTS_MAX = 100_000;

  private final double moreNats;
  private final AlarmRules rules;

  /**
   * A look under another configuration.
   *
   * @param currentPerDay false incidents per day that the incidents were detected with
   * @param changedPerDay those of the changed configuration
   * @param rules the changed configuration's; one about a single operation quiets nothing here, as
   *     evidence does not say which operation carries it
   */
  public StoredHistory(double currentPerDay, double changedPerDay, AlarmRules rules) {
    this.moreNats = Math.log(currentPerDay / changedPerDay);
    this.rules = rules;
  }

  /** The kept incidents of a filter, the oldest first. Blocks on the store. */
  public static List<Incident> read(IncidentStore store, IncidentFilter filter) {
    List<Incident> found = new ArrayList<>();
    IncidentCursor cursor = null;
    do {
      IncidentPage page = store.find(filter, IncidentStore.PAGE_LIMIT_MAX, cursor);
      page.items().stream().map(StoredIncident::incident).forEach(found::add);
      cursor = page.nextCursor();
    } while (cursor != null && found.size() < INCIDENTS_MAX);
    Collections.reverse(found);
    return found;
  }

  /** Compares the kept incidents with what is left of them. */
  public Comparison compare(List<Incident> kept) {
    return Comparison.of(kept, kept.stream().flatMap(one -> left(one).stream()).toList());
  }

  /** The incident with the evidence that would still have alarmed; empty where none would. */
  private Optional<Incident> left(Incident incident) {
    List<Evidence> left = incident.evidence().stream().filter(this::alarms).toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(incident.withEvidence(left));
  }

  private boolean alarms(Evidence evidence) {
    double threshold = evidence.threshold() + moreNats;
    if (moreNats > 0 && evidence.nats() < threshold) {
      return false;
    }
    for (AlarmRule rule : rules.of(evidence.service(), evidence.channel())) {
      if (rule.operation() == null && rule.isBelow(evidence.nats(), threshold)) {
        return false;
      }
    }
    return true;
  }
}
