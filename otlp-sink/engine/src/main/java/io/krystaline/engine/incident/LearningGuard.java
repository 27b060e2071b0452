package io.krystaline.engine.incident;

import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps what an open incident covers from teaching baselines: the operations that it has named are
 * withheld from its opening to its end, and at most for a while, after which it is the new normal.
 * What came between the fault's onset and the opening has taught; an exclusion takes it out.
 *
 * <p>Owned by the detecting thread, which tells it of every change; {@link #release} may be called
 * by the thread that comes after.
 */
public final class LearningGuard implements IncidentListener {
  private final OperationDirectory directory;
  private final long withholdMaxNanos;
  private final Map<String, Set<Operation>> coveredBy = new HashMap<>();
  private final Map<Operation, Integer> coverings = new HashMap<>();

  /** A guard of no incident. */
  public LearningGuard(OperationDirectory directory, Duration withholdMax) {
    this.directory = directory;
    this.withholdMaxNanos = withholdMax.toNanos();
  }

  @Override
  public void onIncident(IncidentChange change, Incident incident) {
    if (!incident.isOpen() || incident.updatedNanos() - incident.startNanos() > withholdMaxNanos) {
      uncover(incident.id());
      return;
    }
    Set<Operation> covered = coveredBy.computeIfAbsent(incident.id(), id -> new HashSet<>());
    for (var key : incident.operations()) {
      directory.find(key).filter(covered::add).ifPresent(this::cover);
    }
  }

  /** Lets everything teach again: nothing is watched any more. */
  public void release() {
    Set.copyOf(coveredBy.keySet()).forEach(this::uncover);
  }

  private void cover(Operation operation) {
    coverings.merge(operation, 1, Integer::sum);
    operation.withhold(true);
  }

  private void uncover(String incident) {
    Set<Operation> covered = coveredBy.remove(incident);
    if (covered == null) {
      return;
    }
    for (Operation operation : covered) {
      int left = coverings.merge(operation, -1, Integer::sum);
      if (left == 0) {
        coverings.remove(operation);
        operation.withhold(false);
      }
    }
  }
}
