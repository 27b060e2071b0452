package io.krystaline.sink.judge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** A set of times as disjoint intervals in ascending order. Immutable. */
final class IntervalSet {
  private final List<Interval> parts;

  private IntervalSet(List<Interval> parts) {
    this.parts = List.copyOf(parts);
  }

  /** The union of the intervals, which may overlap and have any order. */
  static IntervalSet of(Collection<Interval> intervals) {
    List<Interval> sorted = new ArrayList<>(intervals);
    sorted.sort(Comparator.comparingLong(Interval::startNanos));
    List<Interval> parts = new ArrayList<>();
    for (Interval interval : sorted) {
      int last = parts.size() - 1;
      if (last >= 0 && parts.get(last).touches(interval)) {
        Interval before = parts.get(last);
        parts.set(
            last,
            new Interval(before.startNanos(), Math.max(before.endNanos(), interval.endNanos())));
      } else {
        parts.add(interval);
      }
    }
    return new IntervalSet(parts);
  }

  List<Interval> parts() {
    return parts;
  }

  /** Whether the time lies in one of the parts, ends included. */
  boolean contains(long nanos) {
    return parts.stream().anyMatch(part -> part.contains(nanos));
  }

  /** Whether the interval has a point in common with one of the parts. */
  boolean touches(Interval interval) {
    return parts.stream().anyMatch(interval::touches);
  }

  /** What lies in both. */
  IntervalSet intersect(IntervalSet other) {
    List<Interval> common = new ArrayList<>();
    for (Interval mine : parts) {
      for (Interval theirs : other.parts) {
        long start = Math.max(mine.startNanos(), theirs.startNanos());
        long end = Math.min(mine.endNanos(), theirs.endNanos());
        if (start < end) {
          common.add(new Interval(start, end));
        }
      }
    }
    return new IntervalSet(common);
  }

  long lengthNanos() {
    return parts.stream().mapToLong(Interval::lengthNanos).sum();
  }

  /** The end of the last part, or {@code otherwise} where there is none. */
  long endNanos(long otherwise) {
    return parts.isEmpty() ? otherwise : parts.get(parts.size() - 1).endNanos();
  }
}
