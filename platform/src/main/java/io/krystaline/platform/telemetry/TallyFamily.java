package io.krystaline.platform.telemetry;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;

/**
 * Counters of one name that differ by the value of one attribute. Thread-safe; keep the {@link
 * Tally} that {@link #of} gives rather than look it up for each event.
 *
 * <p>Holds {@value #VALUES_MAX} values at most. Further ones are counted together, as {@value
 * #OTHER}.
 */
public final class TallyFamily {
  /** How many values are told apart. */
  public static final int VALUES_MAX = 200;

  /** The value that stands for all that are not told apart. */
  public static final String OTHER = "other";

  private final ConcurrentMap<String, Tally> tallies = new ConcurrentHashMap<>();

  TallyFamily() {}

  /** The counter of a value; it is shown from now on, at 0 until it counts. */
  public Tally of(String value) {
    Tally known = tallies.get(value);
    if (known != null) {
      return known;
    }
    synchronized (this) {
      String shown = tallies.size() < VALUES_MAX ? value : OTHER;
      return tallies.computeIfAbsent(shown, _ -> new Tally());
    }
  }

  void forEach(BiConsumer<String, Tally> action) {
    tallies.forEach(action);
  }
}
