package io.krystaline.sink.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known to be true of a recording.
 *
 * @param covered what the recording covers; elsewhere nothing can be found or missed
 * @param faults the injected faults
 * @param unlabelled faults that the source did not label: neither found nor false
 * @param services how many services the recording has, 0 where that is not said
 */
public record Labels(
    List<Interval> covered, List<FaultWindow> faults, List<Interval> unlabelled, int services) {
  public Labels {
    covered = List.copyOf(covered);
    faults = List.copyOf(faults);
    unlabelled = List.copyOf(unlabelled);
    if (covered.stream().allMatch(part -> part.lengthNanos() == 0)) {
      throw new IllegalArgumentException("the labels cover no time: nothing can be judged");
    }
    if (services < 0) {
      throw new IllegalArgumentException("a recording can't have " + services + " services");
    }
  }

  /**
   * The part of the labels between two times, for a detector that was given only that part. Faults
   * that lie in it only in part are kept, but do not count.
   *
   * @throws IllegalArgumentException if nothing of it is covered
   */
  public Labels within(Interval range) {
    IntervalSet kept = IntervalSet.of(covered).intersect(IntervalSet.of(List.of(range)));
    List<FaultWindow> windows = new ArrayList<>();
    for (FaultWindow fault : faults) {
      boolean inside =
          range.contains(fault.interval().startNanos())
              && range.contains(fault.interval().endNanos());
      windows.add(
          new FaultWindow(
              fault.id(),
              fault.service(),
              fault.kind(),
              fault.interval(),
              fault.scorable() && inside));
    }
    return new Labels(kept.parts(), windows, unlabelled, services);
  }

  /** The services that faults were injected into. */
  Set<String> faultyServices() {
    Set<String> names = new TreeSet<>();
    faults.forEach(fault -> names.add(fault.service()));
    return names;
  }
}
