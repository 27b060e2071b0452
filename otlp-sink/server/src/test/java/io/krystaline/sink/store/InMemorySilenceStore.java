package io.krystaline.sink.store;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The in-memory twin of {@link PostgresSilenceStore}, held by the same contract. */
public final class InMemorySilenceStore implements SilenceStore {
  private final TreeMap<Long, Silence> rows = new TreeMap<>(Comparator.reverseOrder());
  private long lastId;

  @Override
  public synchronized Optional<Silence> create(Silence draft) {
    if (active(draft.created()).size() >= ACTIVE_MAX) {
      return Optional.empty();
    }
    Silence kept =
        new Silence(
            ++lastId,
            draft.service(),
            draft.operation(),
            draft.maxSeverity(),
            draft.created(),
            draft.until(),
            draft.createdBy(),
            draft.comment(),
            null,
            null);
    rows.put(kept.id(), kept);
    return Optional.of(kept);
  }

  @Override
  public synchronized List<Silence> active(Instant now) {
    return rows.values().stream().filter(silence -> silence.isActive(now)).toList();
  }

  @Override
  public synchronized List<Silence> latest(int limit) {
    return rows.values().stream().limit(limit).toList();
  }

  @Override
  public synchronized Optional<Silence> byId(long id) {
    return Optional.ofNullable(rows.get(id));
  }

  @Override
  public synchronized Optional<Silence> end(long id, Instant now, String by) {
    Silence silence = rows.get(id);
    if (silence == null || !silence.isActive(now)) {
      return Optional.empty();
    }
    Silence ended =
        new Silence(
            id,
            silence.service(),
            silence.operation(),
            silence.maxSeverity(),
            silence.created(),
            silence.until(),
            silence.createdBy(),
            silence.comment(),
            now,
            by);
    rows.put(id, ended);
    return Optional.of(ended);
  }

  @Override
  public synchronized long deleteEndedBefore(Instant time) {
    int before = rows.size();
    rows.values()
        .removeIf(
            silence -> {
              Instant ended = silence.ended();
              return silence.until().isBefore(time) || (ended != null && ended.isBefore(time));
            });
    return (long) before - rows.size();
  }
}
