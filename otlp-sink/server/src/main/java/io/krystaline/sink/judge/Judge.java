package io.krystaline.sink.judge;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds incidents against labelled faults.
 *
 * <ul>
 *   <li>A scorable fault is found where an incident opened between its start and 60 s after its
 *       end. The first such incident gives the time to detect and the suspects.
 *   <li>An incident is false (plain) where its interval touches no fault with a tail of 120 s and
 *       no unlabelled interval; false (strict) where it opened outside of all of these. Faults that
 *       do not count excuse incidents as the others do.
 *   <li>Fault-free time is what is covered, less faults with tails, less unlabelled intervals.
 * </ul>
 *
 * <p>Stateless; safe for threads.
 */
public final class Judge {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_HOUR = 3.6e12;
  private static final int SUSPECTS_SHOWN = 5;

  private final JudgeSettings settings;

  /** A judge of the given generosity. */
  public Judge(JudgeSettings settings) {
    this.settings = settings;
  }

  /** Compares; incidents may have any order. */
  public Judgement judge(Labels labels, List<JudgedIncident> incidents) {
    List<JudgedIncident> ordered = new ArrayList<>(incidents);
    ordered.sort(Comparator.comparingLong(JudgedIncident::detectedNanos));
    IntervalSet covered = IntervalSet.of(labels.covered());
    IntervalSet excused = excused(labels);
    long openEndNanos = covered.endNanos(0);

    List<FaultWindow> faults = new ArrayList<>(labels.faults());
    faults.sort(Comparator.comparingLong(fault -> fault.interval().startNanos()));
    List<Judgement.WindowVerdict> verdicts =
        faults.stream().map(fault -> verdict(fault, ordered)).toList();
    List<Judgement.WindowVerdict> scorable =
        verdicts.stream().filter(Judgement.WindowVerdict::scorable).toList();
    List<Judgement.FalseIncident> falseOnes = falseOnes(ordered, excused, openEndNanos);
    int falsePlain = (int) falseOnes.stream().filter(one -> one.touchesNothing()).count();
    int falseStrict = (int) ordered.stream().filter(one -> isStrictlyFalse(one, excused)).count();
    List<Double> lengths =
        ordered.stream()
            .map(one -> one.interval(openEndNanos).lengthNanos() / NANOS_PER_SECOND)
            .sorted()
            .toList();
    double freeHours =
        (covered.lengthNanos() - covered.intersect(excused).lengthNanos()) / NANOS_PER_HOUR;
    Judgement.KindFigures all = figures("all", scorable);
    return new Judgement(
        all.windows(),
        all.found(),
        ratio(all.found(), all.windows()),
        falsePlain,
        falseStrict,
        covered.lengthNanos() / NANOS_PER_HOUR,
        freeHours,
        ratio(falsePlain, freeHours),
        ratio(falseStrict, freeHours),
        ordered.size(),
        ordered.size() - falseStrict,
        median(lengths),
        lengths.isEmpty() ? null : lengths.get(lengths.size() - 1),
        lengths.stream().mapToDouble(Double::doubleValue).sum(),
        all.secondsToDetectMedian(),
        all.top1(),
        all.top3(),
        all.top5(),
        chance(labels, ordered, covered),
        byKind(scorable),
        verdicts,
        falseOnes);
  }

  private IntervalSet excused(Labels labels) {
    List<Interval> parts = new ArrayList<>(labels.unlabelled());
    labels.faults().forEach(fault -> parts.add(withTail(fault)));
    return IntervalSet.of(parts);
  }

  private Interval withTail(FaultWindow fault) {
    return fault.interval().extendedBy(settings.tail().toNanos());
  }

  private Judgement.WindowVerdict verdict(FaultWindow fault, List<JudgedIncident> ordered) {
    Interval window = fault.interval().extendedBy(settings.lateness().toNanos());
    Interval tailed = withTail(fault);
    Optional<JudgedIncident> first =
        ordered.stream().filter(one -> window.contains(one.detectedNanos())).findFirst();
    List<String> suspects = first.map(JudgedIncident::suspects).orElse(List.of());
    long startNanos = fault.interval().startNanos();
    return new Judgement.WindowVerdict(
        fault.id(),
        fault.service(),
        fault.kind(),
        instant(startNanos),
        instant(fault.interval().endNanos()),
        fault.scorable(),
        first.isPresent(),
        first.map(JudgedIncident::id).orElse(null),
        first.map(one -> (one.detectedNanos() - startNanos) / NANOS_PER_SECOND).orElse(null),
        suspects.indexOf(fault.service()) + 1,
        suspects.subList(0, Math.min(SUSPECTS_SHOWN, suspects.size())),
        (int) ordered.stream().filter(one -> tailed.contains(one.detectedNanos())).count());
  }

  private static boolean isStrictlyFalse(JudgedIncident incident, IntervalSet excused) {
    return !excused.contains(incident.detectedNanos());
  }

  private static List<Judgement.FalseIncident> falseOnes(
      List<JudgedIncident> ordered, IntervalSet excused, long openEndNanos) {
    List<Judgement.FalseIncident> found = new ArrayList<>();
    for (JudgedIncident incident : ordered) {
      Interval interval = incident.interval(openEndNanos);
      boolean touchesNothing = !excused.touches(interval);
      if (touchesNothing || isStrictlyFalse(incident, excused)) {
        found.add(
            new Judgement.FalseIncident(
                incident.id(),
                instant(incident.detectedNanos()),
                interval.lengthNanos() / NANOS_PER_SECOND,
                incident.suspects(),
                touchesNothing));
      }
    }
    return found;
  }

  private static List<Judgement.KindFigures> byKind(List<Judgement.WindowVerdict> scorable) {
    Map<String, List<Judgement.WindowVerdict>> groups = new TreeMap<>();
    for (Judgement.WindowVerdict verdict : scorable) {
      groups.computeIfAbsent(verdict.kind(), kind -> new ArrayList<>()).add(verdict);
    }
    return groups.entrySet().stream()
        .map(group -> figures(group.getKey(), group.getValue()))
        .toList();
  }

  private static Judgement.KindFigures figures(
      String kind, List<Judgement.WindowVerdict> verdicts) {
    List<Double> times = new ArrayList<>();
    for (Judgement.WindowVerdict verdict : verdicts) {
      if (verdict.secondsToDetect() != null) {
        times.add(verdict.secondsToDetect());
      }
    }
    times.sort(Comparator.naturalOrder());
    return new Judgement.KindFigures(
        kind,
        verdicts.size(),
        times.size(),
        median(times),
        ranked(verdicts, 1),
        ranked(verdicts, 3),
        ranked(verdicts, 5));
  }

  private static int ranked(List<Judgement.WindowVerdict> verdicts, int within) {
    return (int) verdicts.stream().filter(one -> one.rank() >= 1 && one.rank() <= within).count();
  }

  private Judgement.Chance chance(
      Labels labels, List<JudgedIncident> incidents, IntervalSet covered) {
    double expected = 0;
    for (FaultWindow fault : labels.faults()) {
      if (fault.scorable()) {
        Interval window = fault.interval().extendedBy(settings.lateness().toNanos());
        double share =
            covered.intersect(IntervalSet.of(List.of(window))).lengthNanos()
                / (double) covered.lengthNanos();
        expected += 1 - Math.pow(1 - share, incidents.size());
      }
    }
    Set<String> names = new TreeSet<>(labels.faultyServices());
    incidents.forEach(incident -> names.addAll(incident.suspects()));
    int services = Math.max(labels.services(), Math.max(1, names.size()));
    return new Judgement.Chance(
        expected,
        services,
        services == labels.services() ? "the labels' count" : "labels and suspects",
        Math.min(1, 1.0 / services),
        Math.min(1, 3.0 / services),
        Math.min(1, 5.0 / services));
  }

  private static @Nullable Double ratio(double part, double whole) {
    return whole > 0 ? Double.valueOf(part / whole) : null;
  }

  /** The middle one, or the mean of the two in the middle. */
  private static @Nullable Double median(List<Double> sorted) {
    if (sorted.isEmpty()) {
      return null;
    }
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : Double.valueOf((sorted.get(middle - 1) + sorted.get(middle)) / 2);
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}
