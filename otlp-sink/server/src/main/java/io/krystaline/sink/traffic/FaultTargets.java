package io.krystaline.sink.traffic;

import java.util.ArrayList;
import java.util.List;

/** Where each kind of fault can be injected into the shop. */
public final class FaultTargets {
  private FaultTargets() {}

  /**
   * A place for a fault.
   *
   * @param service its service
   * @param target as in {@link Fault#target}
   */
  public record Place(String service, String target) {}

  /** All places for a kind of fault, in a fixed order; the shop is the same for all seeds. */
  public static List<Place> of(FaultKind kind) {
    Topology shop = Topology.shop(0);
    List<Place> places = new ArrayList<>();
    for (Operation operation : shop.operations()) {
      String service = shop.services().get(operation.service());
      switch (kind) {
        case LATENCY, CPU_STARVATION, ERRORS, RELEASE_SLOW, RELEASE_FAILING, MEMORY_PRESSURE ->
            add(places, service, "");
        case NETWORK_DELAY, SERVICE_SILENT -> {
          if (isCalled(shop, operation)) {
            add(places, service, "");
          }
        }
        case LOST_SPANS, LATE_SPANS -> {
          if (isCalled(shop, operation) && !operation.calls().isEmpty()) {
            add(places, service, "");
          }
        }
        case DEPENDENCY_DOWN -> {
          for (Call call : operation.calls()) {
            boolean external = call.type() == Call.Type.EXTERNAL;
            if (external || (call.type() == Call.Type.DATABASE && call.probability() == 1)) {
              add(places, service, call.type().name());
            }
          }
        }
        case SLOW_DATABASE -> {
          if (calls(operation, Call.Type.DATABASE)) {
            add(places, service, "");
          }
        }
        case QUEUE_DELAY -> {
          if (!operation.server()) {
            add(places, service, "");
          }
        }
        case MISSING_CHILDREN -> {
          for (Call call : operation.calls()) {
            if (call.type() == Call.Type.HTTP && call.probability() == 1 && !call.withNext()) {
              add(places, service, call.name());
            }
          }
        }
        case SURGE, ENTRY_SILENT -> {
          if (shop.entries().stream().anyMatch(entry -> entry.operation() == operation)) {
            add(places, service, kind == FaultKind.SURGE ? operation.name() : "");
          }
        }
      }
    }
    return places;
  }

  private static void add(List<Place> places, String service, String target) {
    Place place = new Place(service, target);
    if (!places.contains(place)) {
      places.add(place);
    }
  }

  private static boolean calls(Operation operation, Call.Type type) {
    return operation.calls().stream().anyMatch(call -> call.type() == type);
  }

  private static boolean isCalled(Topology shop, Operation callee) {
    return shop.operations().stream()
        .flatMap(operation -> operation.calls().stream())
        .anyMatch(
            call ->
                call.type() == Call.Type.HTTP
                    && call.callee().filter(target -> target == callee).isPresent());
  }
}
