package io.krystaline.sink.notify;

import io.krystaline.engine.incident.Incident;
import io.krystaline.sink.store.SilenceStore;
import java.time.InstantSource;

/** Whether somebody asked not to be told of an incident for now. */
@FunctionalInterface
public interface Silences {
  /** Nothing is silenced. */
  Silences NONE = incident -> false;

  /**
   * Whether it is silenced. Called on the notifier's thread and may block; what it throws is taken
   * as no, because an alert too many is better than one too few.
   */
  boolean silences(Incident incident);

  /** What the stored silences say, asked anew each time. */
  static Silences of(SilenceStore store, InstantSource clock) {
    return incident ->
        store.active(clock.instant()).stream().anyMatch(silence -> silence.covers(incident));
  }
}
