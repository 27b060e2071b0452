package io.krystaline.sink.traffic;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the season, noise and faults do to the traffic at a time. One fault at a time: the plan's
 * faults must not overlap.
 *
 * <p>Owned by one thread; the times of {@link #beginTrace} never go back.
 */
final class Conditions {
  private static final double MILLI = 1e6;
  private static final double STARVED_SHARE = 0.75;
  private static final long ROLLOUT_NANOS = 30 * Season.SECOND;
  private static final long PRESSURE_PERIOD_NANOS = 3 * Season.SECOND;

  private final Season season;
  private final ServiceNoise[] noise;
  private final Fault[] faults;
  private final int[] faultService;
  private final SplittableRandom random;
  private int next;

  /**
   * Conditions for a plan.
   *
   * @throws IllegalArgumentException if two faults overlap or one names an unknown service
   */
  Conditions(long seed, Topology topology, List<Fault> plan, SplittableRandom random) {
    this.season = new Season(seed);
    this.random = random;
    this.noise = new ServiceNoise[topology.services().size()];
    Arrays.setAll(noise, service -> new ServiceNoise(seed, service));
    this.faults = plan.toArray(Fault[]::new);
    Arrays.sort(faults, Comparator.comparingLong(Fault::startNanos));
    this.faultService = new int[faults.length];
    for (int i = 0; i < faults.length; i++) {
      faultService[i] = topology.service(faults[i].service());
      if (i > 0 && faults[i].startNanos() < faults[i - 1].endNanos()) {
        throw new IllegalArgumentException("two faults overlap at " + faults[i].startNanos());
      }
    }
  }

  Season season() {
    return season;
  }

  /** The plan in order of time. */
  List<Fault> faults() {
    return List.of(faults);
  }

  /** Moves on to the fault that a trace can meet which begins then. */
  void beginTrace(long nanos) {
    while (next < faults.length && faults[next].endNanos() <= nanos) {
      next++;
    }
  }

  /** The fault of this kind that the service suffers then, or null. */
  @Nullable Fault active(FaultKind kind, int service, long nanos) {
    if (next == faults.length) {
      return null;
    }
    Fault fault = faults[next];
    boolean suffered = fault.kind() == kind && faultService[next] == service && fault.covers(nanos);
    return suffered ? fault : null;
  }

  /** The place in the plan of a release that reached this span of the service, or -1. */
  int release(int service, long nanos) {
    Fault slow = active(FaultKind.RELEASE_SLOW, service, nanos);
    Fault fault = slow != null ? slow : active(FaultKind.RELEASE_FAILING, service, nanos);
    if (fault == null) {
      return -1;
    }
    double reached = (nanos - fault.startNanos()) / (double) ROLLOUT_NANOS;
    return random.nextDouble() < reached ? next : -1;
  }

  /** How much longer the service's work takes that begins then. */
  double slowness(int service, long nanos, boolean released) {
    double factor = season.slowness(nanos) * noise[service].slowness(nanos);
    Fault latency = active(FaultKind.LATENCY, service, nanos);
    if (latency != null) {
      return factor * latency.scaled(3, 10);
    }
    Fault starved = active(FaultKind.CPU_STARVATION, service, nanos);
    if (starved != null && random.nextDouble() < STARVED_SHARE) {
      return factor * starved.scaled(2.5, 6);
    }
    Fault slow = released ? active(FaultKind.RELEASE_SLOW, service, nanos) : null;
    return slow != null ? factor * slow.scaled(3, 6) : factor;
  }

  /** How much longer the service's database takes. */
  double databaseSlowness(int service, long nanos) {
    Fault slow = active(FaultKind.SLOW_DATABASE, service, nanos);
    return slow != null ? slow.scaled(5, 20) : 1;
  }

  /** When work of this length is done that begins then. */
  long endOfWork(int service, long startNanos, long workNanos) {
    long end = noise[service].endOfWork(startNanos, workNanos);
    Fault pressed = active(FaultKind.MEMORY_PRESSURE, service, startNanos);
    if (pressed == null) {
      return end;
    }
    long pauseNanos = (long) (pressed.scaled(0.3, 1.2) * Season.SECOND);
    long since = startNanos - pressed.startNanos();
    long pauseStart = startNanos - since % PRESSURE_PERIOD_NANOS;
    for (int i = 0; i < 2; i++) {
      long pauseEnd = pauseStart + pauseNanos;
      if (pauseStart < end && startNanos < pauseEnd) {
        end += pauseEnd - Math.max(startNanos, pauseStart);
      }
      pauseStart += PRESSURE_PERIOD_NANOS;
    }
    return end;
  }

  /** Time of one way between two services: about half a millisecond. */
  long wayNanos(int caller, int callee, long nanos) {
    double millis = 0.4 * Math.exp(0.5 * random.nextGaussian());
    if (random.nextDouble() < 0.002) {
      millis += 200 * random.nextDouble();
    }
    Fault delay = active(FaultKind.NETWORK_DELAY, callee, nanos);
    if (delay != null) {
      millis += delay.scaled(30, 200) / 2 * Math.exp(0.15 * random.nextGaussian());
    }
    return (long) ((millis + starvedMillis(caller, nanos) + starvedMillis(callee, nanos)) * MILLI);
  }

  private double starvedMillis(int service, long nanos) {
    Fault starved = active(FaultKind.CPU_STARVATION, service, nanos);
    return starved != null && random.nextDouble() < STARVED_SHARE
        ? starved.scaled(6, 30) * random.nextExponential()
        : 0;
  }

  /** Share of the operation's spans that fail by themselves. */
  double errorShare(Operation operation, long nanos, boolean released) {
    int service = operation.service();
    Fault errors = active(FaultKind.ERRORS, service, nanos);
    if (errors != null) {
      return errors.scaled(0.15, 0.6);
    }
    Fault failing = released ? active(FaultKind.RELEASE_FAILING, service, nanos) : null;
    return failing != null ? failing.scaled(0.15, 0.4) : operation.errorRate();
  }

  /** How often a call is made. */
  double callProbability(Operation operation, Call call, long nanos) {
    Fault missing = active(FaultKind.MISSING_CHILDREN, operation.service(), nanos);
    return missing != null && missing.target().equals(call.name()) ? 0 : call.probability();
  }

  /** How long a message waits. */
  long queueNanos(int consumer, long nanos) {
    double millis = 15 * Math.exp(0.8 * random.nextGaussian());
    Fault delay = active(FaultKind.QUEUE_DELAY, consumer, nanos);
    if (delay != null) {
      millis += 1_000 * delay.scaled(5, 25) * Math.exp(0.1 * random.nextGaussian());
    }
    return (long) (millis * MILLI);
  }

  /** Traffic of an entry, as a factor of its share on an average weekday. */
  double entryRate(Operation entry, long nanos) {
    Fault surge = active(FaultKind.SURGE, entry.service(), nanos);
    if (surge != null && surge.target().equals(entry.name())) {
      return season.rate(nanos) * surge.scaled(4, 8);
    }
    return active(FaultKind.ENTRY_SILENT, entry.service(), nanos) != null ? 0 : season.rate(nanos);
  }
}
