package io.krystaline.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The simulated system: services with their operations. Every operation of a kind is used as often
 * as the others of its service. Owned by one thread.
 */
final class Topology {
  /** Which types the operations of a service have, over and over. */
  private static final List<SpanType> PATTERN =
      List.of(
          SpanType.HTTP_SERVER,
          SpanType.DATABASE,
          SpanType.HTTP_CLIENT,
          SpanType.HTTP_SERVER,
          SpanType.CONSUMER,
          SpanType.PRODUCER,
          SpanType.HTTP_SERVER,
          SpanType.DATABASE,
          SpanType.HTTP_CLIENT,
          SpanType.INTERNAL);

  private static final List<String> NOUNS =
      List.of(
          "orders",
          "carts",
          "users",
          "payments",
          "invoices",
          "prices",
          "stock",
          "shipments",
          "reviews",
          "coupons",
          "returns",
          "ledgers",
          "quotes",
          "limits",
          "balances",
          "sessions");

  private static final List<String> METHODS = List.of("GET", "POST", "PUT", "GET", "DELETE");

  /** The operations of one service and type, and the next in turn. */
  private static final class Turn {
    private final List<SimulatedOperation> operations = new ArrayList<>();
    private int next;

    SimulatedOperation take() {
      SimulatedOperation operation = operations.get(next);
      next = (next + 1) % operations.size();
      return operation;
    }
  }

  private final int services;
  private final List<SimulatedOperation> operations = new ArrayList<>();
  private final Turn[][] turns;

  Topology(LoadShape shape) {
    services = shape.services();
    turns = new Turn[services][SpanType.values().length];
    for (int service = 0; service < services; service++) {
      int count = shape.operations() / services + (service < shape.operations() % services ? 1 : 0);
      for (int type = 0; type < turns[service].length; type++) {
        turns[service][type] = new Turn();
      }
      for (int number = 0; number < count; number++) {
        SimulatedOperation operation = operation(service, number);
        operations.add(operation);
        turns[service][operation.type().ordinal()].operations.add(operation);
      }
    }
  }

  private static SimulatedOperation operation(int service, int number) {
    SpanType type = PATTERN.get(number % PATTERN.size());
    // Names differ in length and beginning, as real ones do.
    String noun = NOUNS.get((service * 7 + number) % NOUNS.size());
    String name =
        switch (type) {
          case HTTP_SERVER, HTTP_CLIENT ->
              METHODS.get(number % METHODS.size()) + " /api/v1/" + noun + "/{id}/parts-" + number;
          case DATABASE -> "SELECT shop." + noun + "_" + number;
          case PRODUCER -> "send " + noun + "-" + number;
          case CONSUMER -> "process " + noun + "-" + number;
          case INTERNAL -> noun + "Service.recompute" + number;
        };
    double median = type.medianMillis() * (1 + number % 7);
    return new SimulatedOperation(service, number, type, name, median);
  }

  int services() {
    return services;
  }

  /** All operations, by service. */
  List<SimulatedOperation> operations() {
    return List.copyOf(operations);
  }

  /** The next operation of a type in a service; empty where it has none. */
  Optional<SimulatedOperation> next(int service, SpanType type) {
    Turn turn = turns[service][type.ordinal()];
    return turn.operations.isEmpty() ? Optional.empty() : Optional.of(turn.take());
  }

  static String serviceName(int service) {
    return "shop-service-" + service;
  }
}
