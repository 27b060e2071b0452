package io.krystaline.sink.judge;

import java.util.Objects;

/**
 * One labelled fault.
 *
 * @param id its name in the labels
 * @param service where it was injected: who should be the first suspect
 * @param kind what was injected, e.g. {@code network_delay}
 * @param interval from its start to its end, without any tail
 * @param scorable whether it counts; one that does not is still no place for false incidents
 */
public record FaultWindow(
    String id, String service, String kind, Interval interval, boolean scorable) {
  public FaultWindow {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(interval, "interval");
  }
}
