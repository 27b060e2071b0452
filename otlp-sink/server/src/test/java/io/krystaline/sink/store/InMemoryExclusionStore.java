package io.krystaline.sink.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The in-memory twin of {@link PostgresExclusionStore}, held by the same contract. */
public final class InMemoryExclusionStore implements ExclusionStore {
  private final List<Exclusion> rows = new ArrayList<>();
  private long lastId;

  @Override
  public synchronized Optional<Exclusion> create(Exclusion draft) {
    if (rows.size() >= EXCLUSIONS_MAX) {
      return Optional.empty();
    }
    Exclusion kept =
        new Exclusion(
            ++lastId,
            draft.incidentId(),
            draft.services(),
            draft.operations().stream().map(StoredText::clean).distinct().toList(),
            draft.fromNanos(),
            draft.untilNanos(),
            draft.by(),
            draft.created(),
            draft.reason());
    rows.add(kept);
    return Optional.of(kept);
  }

  @Override
  public synchronized List<Exclusion> since(long nanos) {
    return rows.stream().filter(exclusion -> exclusion.untilNanos() > nanos).toList();
  }

  @Override
  public synchronized List<Exclusion> ofIncident(String incidentId) {
    return rows.stream().filter(exclusion -> exclusion.incidentId().equals(incidentId)).toList();
  }

  @Override
  public synchronized long deleteUntil(long nanos) {
    int before = rows.size();
    rows.removeIf(exclusion -> exclusion.untilNanos() <= nanos);
    return (long) before - rows.size();
  }
}
