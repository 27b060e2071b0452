package io.krystaline.sink.selftest;

import io.krystaline.sink.judge.FaultWindow;
import io.krystaline.sink.judge.Interval;
import io.krystaline.sink.traffic.Fault;
import io.krystaline.sink.traffic.FaultKind;
import io.krystaline.sink.traffic.FaultTargets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Faults of all kinds, one after the other: each 3 to 5 minutes long, 20 to 30 minutes after the
 * end of the last, in an order, at places and of strengths drawn from the seed. Repetitions of a
 * kind go to different places while there are any, and their strengths are spread over its range.
 */
final class FaultMatrix {
  private static final long SECOND = 1_000_000_000L;
  private static final int LENGTH_SECONDS_MIN = 180;
  private static final int LENGTH_SECONDS_MAX = 300;
  private static final int GAP_SECONDS_MIN = 20 * 60;
  private static final int GAP_SECONDS_MAX = 30 * 60;

  private FaultMatrix() {}

  /** The faults in order of time, the first some 20 minutes after the start. */
  static List<Fault> plan(long seed, long startNanos, int repetitions) {
    Random random = new Random(seed * 31 + 7);
    Map<FaultKind, List<FaultTargets.Place>> places = new EnumMap<>(FaultKind.class);
    List<FaultKind> kinds = new ArrayList<>();
    for (FaultKind kind : FaultKind.values()) {
      List<FaultTargets.Place> shuffled = new ArrayList<>(FaultTargets.of(kind));
      Collections.shuffle(shuffled, random);
      places.put(kind, shuffled);
      kinds.addAll(Collections.nCopies(repetitions, kind));
    }
    Collections.shuffle(kinds, random);
    Map<FaultKind, Integer> used = new EnumMap<>(FaultKind.class);
    List<Fault> plan = new ArrayList<>();
    long at = startNanos;
    for (FaultKind kind : kinds) {
      int repetition = used.merge(kind, 1, Integer::sum) - 1;
      List<FaultTargets.Place> choice = places.getOrDefault(kind, List.of());
      FaultTargets.Place place = choice.get(repetition % choice.size());
      double strength = (repetition + random.nextDouble()) / repetitions;
      at += SECOND * between(random, GAP_SECONDS_MIN, GAP_SECONDS_MAX);
      long end = at + SECOND * between(random, LENGTH_SECONDS_MIN, LENGTH_SECONDS_MAX);
      plan.add(new Fault(kind, place.service(), place.target(), strength, at, end));
      at = end;
    }
    return plan;
  }

  /** The label of a fault. */
  static FaultWindow label(String id, Fault fault) {
    return new FaultWindow(
        id,
        fault.service(),
        fault.kind().label(),
        new Interval(fault.startNanos(), fault.endNanos()),
        true);
  }

  private static int between(Random random, int least, int most) {
    return least + random.nextInt(most - least + 1);
  }
}
