package io.krystaline.sink.traffic;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Streams the spans of simulated traces in event time. The same settings and faults give the same
 * bytes. Arrivals are a Poisson process per entry operation whose rate follows the season, noise
 * and faults.
 *
 * <p>{@link #runUntil} is called with ever later times. Owned by one thread.
 */
public final class TrafficGenerator {
  private static final long SECOND = Season.SECOND;

  /** Receives messages in the order of event time, on the thread that runs the generator. */
  @FunctionalInterface
  public interface MessageVisitor {

    /**
     * A second of traffic.
     *
     * @param bytes an OTLP {@code ExportTraceServiceRequest} from index 0; reused after the call
     * @param length its length in bytes
     */
    void onMessage(byte[] bytes, int length) throws IOException;
  }

  private final TrafficSettings settings;
  private final List<Topology.Entry> entries;
  private final List<String> services;
  private final Conditions conditions;
  private final SplittableRandom random;
  private final OutgoingSpans out;
  private final Deploys deploys;
  private final TraceSimulation simulation;
  private final long[] nextNanos;
  private long traces;

  /**
   * A generator that begins at a time.
   *
   * @param faults what to inject; they must not overlap
   * @throws IllegalArgumentException if faults overlap or name an unknown service
   */
  public TrafficGenerator(TrafficSettings settings, long startNanos, List<Fault> faults) {
    this.settings = settings;
    Topology topology = Topology.shop(settings.seed());
    this.entries = topology.entries();
    this.services = List.copyOf(topology.services());
    this.random = new SplittableRandom(Hashing.mix(settings.seed(), 4, 4));
    this.conditions = new Conditions(settings.seed(), topology, faults, random);
    this.out = new OutgoingSpans(resources(services, conditions.faults()));
    this.deploys = new Deploys(settings.seed(), services);
    this.simulation = new TraceSimulation(conditions, random, out, services.size());
    this.nextNanos = new long[entries.size()];
    for (int i = 0; i < nextNanos.length; i++) {
      nextNanos[i] = arrival(i, startNanos);
    }
  }

  /** Simulates all traces that begin before this time. */
  public void runUntil(long untilNanos, MessageVisitor visitor) throws IOException {
    OutgoingSpans.MessageVisitor messages = visitor::onMessage;
    int entry = earliest();
    while (nextNanos[entry] < untilNanos) {
      long nanos = nextNanos[entry];
      out.advance(nanos, messages);
      deploys.advance(nanos, out);
      conditions.beginTrace(nanos);
      if (settings.sampledShare() == 1 || random.nextDouble() < settings.sampledShare()) {
        simulation.trace(entries.get(entry).operation(), nanos);
        traces++;
      }
      nextNanos[entry] = arrival(entry, nanos);
      entry = earliest();
    }
    out.advance(untilNanos, messages);
  }

  /** Hands out the spans that are still on their way. */
  public void finish(MessageVisitor visitor) throws IOException {
    out.finish(visitor::onMessage);
  }

  /** Names of the services. */
  public List<String> services() {
    return services;
  }

  /** Spans written so far. */
  public long spans() {
    return out.spans();
  }

  /** Traces simulated so far. */
  public long traces() {
    return traces;
  }

  private int earliest() {
    int earliest = 0;
    for (int i = 1; i < nextNanos.length; i++) {
      if (nextNanos[i] < nextNanos[earliest]) {
        earliest = i;
      }
    }
    return earliest;
  }

  /**
   * The next arrival after a time. The exponential wait is drawn anew each second, which it allows
   * as it has no memory, so that it follows a rate that changes.
   */
  private long arrival(int entry, long afterNanos) {
    Topology.Entry at = entries.get(entry);
    long nanos = afterNanos;
    while (true) {
      double perSecond =
          settings.tracesPerSecond() * at.share() * conditions.entryRate(at.operation(), nanos);
      double waitSeconds = perSecond > 0 ? random.nextExponential() / perSecond : 2;
      if (waitSeconds < 1) {
        return nanos + 1 + (long) (waitSeconds * SECOND);
      }
      nanos += SECOND;
    }
  }

  /** One a service, replaced by the first deploys, and one a fault, which may be a release. */
  private static List<byte[]> resources(List<String> services, List<Fault> faults) {
    List<byte[]> resources = new ArrayList<>();
    for (String service : services) {
      resources.add(Deploys.resource(service, "0"));
    }
    for (int i = 0; i < faults.size(); i++) {
      resources.add(Deploys.resource(faults.get(i).service(), "faulty-" + (i + 1)));
    }
    return resources;
  }
}
