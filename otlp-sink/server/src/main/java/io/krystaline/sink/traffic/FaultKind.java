package io.krystaline.sink.traffic;

import java.util.Locale;

/** What can be injected. The label of each names one service: where it was injected. */
public enum FaultKind {
  /** The service's own work takes 3 to 10 times as long. */
  LATENCY,
  /** A starved processor: most of the service's work is slower, and the calls in and out wait. */
  CPU_STARVATION,
  /** 30 to 200 ms more on the way to the service and back; its own spans show nothing. */
  NETWORK_DELAY,
  /** 15 to 60 % of the service's spans fail, with an exception event. */
  ERRORS,
  /** What the service needs and nobody traces (its database, a provider) refuses at once. */
  DEPENDENCY_DOWN,
  /** Five times the traffic on one entry operation of the service. */
  SURGE,
  /** The service does not answer: its callers time out, no span comes from it. */
  SERVICE_SILENT,
  /** Nobody calls an entry service any more. */
  ENTRY_SILENT,
  /** The service leaves out a call that it always makes, without an error. */
  MISSING_CHILDREN,
  /** Half of the service's own server spans never arrive: their children have no parent. */
  LOST_SPANS,
  /** The service's server spans arrive 60 to 100 s late. */
  LATE_SPANS,
  /** Messages wait 5 to 25 s for the service, which consumes them. */
  QUEUE_DELAY,
  /** A new version of the service is 3 to 6 times as slow. */
  RELEASE_SLOW,
  /** A new version of the service fails in 15 to 40 % of its spans. */
  RELEASE_FAILING,
  /** The service's database takes 5 to 20 times as long. */
  SLOW_DATABASE,
  /** The service stops for 0.3 to 1.2 s every few seconds. */
  MEMORY_PRESSURE;

  /** Its name in labels, e.g. {@code network_delay}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
