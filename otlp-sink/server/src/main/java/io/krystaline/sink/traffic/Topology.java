package io.krystaline.sink.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Who calls whom: a shop of twelve services, with two entries, a queue, databases, caches and a
 * payment provider. The graph is always the same; work, spread, tails, error rates and
 * probabilities are drawn from the seed, within the ranges in {@code docs/selftest.md}.
 *
 * <p>Immutable after it was built.
 */
final class Topology {
  private final List<String> services = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private final SplittableRandom random;

  /**
   * Where traffic comes in.
   *
   * @param share of all traces
   */
  record Entry(Operation operation, double share) {}

  private Topology(long seed) {
    random = new SplittableRandom(Hashing.mix(seed, 1, 1));
  }

  /** The shop of this seed. */
  static Topology shop(long seed) {
    Topology shop = new Topology(seed);
    shop.build();
    return shop;
  }

  List<String> services() {
    return services;
  }

  List<Entry> entries() {
    return entries;
  }

  List<Operation> operations() {
    return operations;
  }

  int service(String name) {
    int index = services.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("there is no service " + name);
    }
    return index;
  }

  private void build() {
    Operation session = server("session", "GET /session", 3);
    database(session, "GET session", "redis", 0.8, 1);
    Operation catalogGet = server("catalog", "GET /items/{id}", 4);
    database(catalogGet, "SELECT items", "postgresql", 3, 1);
    Operation catalogList = server("catalog", "GET /items", 7);
    database(catalogList, "SELECT items page", "postgresql", 6, 1);
    Operation quote = server("pricing", "POST /quote", 5);
    database(quote, "SELECT prices", "postgresql", 2.5, 0.4);
    Operation recommend = server("recommendations", "GET /recommendations", 12);
    http(recommend, catalogGet, 1, 3, false);
    Operation search = server("search", "GET /query", 14);
    internal(search, "rank", 6);
    Operation check = server("inventory", "GET /stock/{id}", 3);
    database(check, "SELECT stock", "postgresql", 2, 1);
    Operation reserve = server("inventory", "POST /reservations", 6);
    database(reserve, "UPDATE stock", "postgresql", 5, 1);
    Operation cartGet = server("cart", "GET /cart", 3);
    database(cartGet, "HGETALL cart", "redis", 1, 1);
    Operation cartAdd = server("cart", "POST /cart/items", 4);
    http(cartAdd, check, 1, 1, true);
    database(cartAdd, "HSET cart", "redis", 1.2, 1);
    Operation charge = server("payment", "POST /charges", 9);
    external(charge, "POST cards.example", 80);
    database(charge, "INSERT charges", "postgresql", 4, 1);
    Operation ship = operation("fulfilment", "orders process", false, 10);
    http(ship, reserve, 1, 1, true);
    database(ship, "INSERT shipments", "postgresql", 4, 1);
    Operation place = server("orders", "POST /orders", 11);
    http(place, charge, 1, 1, false);
    database(place, "INSERT orders", "postgresql", 6, 1);
    queue(place, ship, "orders publish");
    Operation history = server("orders", "GET /orders", 6);
    database(history, "SELECT orders", "postgresql", 7, 1);
    entries(
        session,
        catalogGet,
        catalogList,
        quote,
        recommend,
        search,
        check,
        cartGet,
        cartAdd,
        place,
        history);
  }

  private void entries(
      Operation session,
      Operation catalogGet,
      Operation catalogList,
      Operation quote,
      Operation recommend,
      Operation search,
      Operation check,
      Operation cartGet,
      Operation cartAdd,
      Operation place,
      Operation history) {
    Operation home = entry("storefront", "GET /", 6, 0.24);
    http(home, session, 1, 1, true);
    parallel(home, catalogList);
    http(home, recommend, 0.9, 1, true);
    Operation product = entry("storefront", "GET /product/{id}", 5, 0.28);
    http(product, session, 1, 1, true);
    parallel(product, catalogGet);
    http(product, quote, 1, 1, true);
    http(product, recommend, 0.6, 1, true);
    Operation find = entry("storefront", "GET /search", 4, 0.16);
    http(find, search, 1, 1, true);
    http(find, quote, 0.7, 2, true);
    Operation add = entry("storefront", "POST /cart/items", 4, 0.08);
    http(add, session, 1, 1, true);
    http(add, cartAdd, 1, 1, false);
    Operation checkout = entry("storefront", "POST /checkout", 8, 0.07);
    http(checkout, session, 1, 1, true);
    http(checkout, cartGet, 1, 1, true);
    http(checkout, quote, 1, 2, true);
    http(checkout, place, 1, 1, false);
    Operation orders = entry("storefront", "GET /orders", 4, 0.06);
    http(orders, session, 1, 1, true);
    http(orders, history, 1, 1, true);
    Operation availability = entry("partner-gateway", "POST /v1/availability", 5, 0.11);
    parallel(availability, check);
    http(availability, quote, 1, 1, true);
  }

  private Operation entry(String service, String name, double selfMillis, double share) {
    Operation operation = server(service, name, selfMillis);
    entries.add(new Entry(operation, share));
    return operation;
  }

  private Operation server(String service, String name, double selfMillis) {
    return operation(service, name, true, selfMillis);
  }

  private Operation operation(String service, String name, boolean server, double selfMillis) {
    if (!services.contains(service)) {
      services.add(service);
    }
    double errorRate = logUniform(0.001, 0.006);
    Operation operation =
        new Operation(
            services.indexOf(service),
            name,
            server,
            selfMillis * logUniform(0.7, 1.6),
            random.nextDouble(0.3, 0.55),
            logUniform(0.002, 0.015),
            random.nextDouble(1.7, 2.6),
            errorRate,
            server ? SpanFields.server(name) : SpanFields.consumer(name));
    operations.add(operation);
    return operation;
  }

  private void http(
      Operation from, Operation to, double probability, int countMax, boolean retried) {
    add(from, to, probability < 1 ? jittered(probability) : 1, countMax, false, retried);
  }

  /** A call at the same time as the next one. */
  private static void parallel(Operation from, Operation to) {
    add(from, to, 1, 1, true, true);
  }

  private static void add(
      Operation from,
      Operation to,
      double probability,
      int countMax,
      boolean withNext,
      boolean retried) {
    from.calls()
        .add(
            new Call(
                Call.Type.HTTP,
                to.name(),
                Optional.of(to),
                probability,
                countMax,
                withNext,
                retried,
                0,
                SpanFields.client(to.name())));
  }

  private void queue(Operation from, Operation to, String name) {
    from.calls()
        .add(
            new Call(
                Call.Type.QUEUE,
                name,
                Optional.of(to),
                1,
                1,
                false,
                false,
                logUniform(1, 2),
                SpanFields.producer(name)));
  }

  private void database(
      Operation from, String name, String system, double millis, double probability) {
    from.calls()
        .add(
            untraced(
                Call.Type.DATABASE, name, probability, millis, SpanFields.database(name, system)));
  }

  private void external(Operation from, String name, double millis) {
    from.calls().add(untraced(Call.Type.EXTERNAL, name, 1, millis, SpanFields.client(name)));
  }

  private void internal(Operation from, String name, double millis) {
    from.calls().add(untraced(Call.Type.INTERNAL, name, 1, millis, SpanFields.internal(name)));
  }

  private Call untraced(
      Call.Type type, String name, double probability, double millis, EncodedFields fields) {
    return new Call(
        type,
        name,
        Optional.empty(),
        probability,
        1,
        false,
        false,
        millis * logUniform(0.7, 1.5),
        fields);
  }

  private double jittered(double probability) {
    return Math.min(0.95, probability * random.nextDouble(0.85, 1.1));
  }

  private double logUniform(double least, double most) {
    return least * Math.pow(most / least, random.nextDouble());
  }
}
