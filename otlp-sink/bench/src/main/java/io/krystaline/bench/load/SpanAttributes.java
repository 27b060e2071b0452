package io.krystaline.bench.load;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.Random;

/**
 * Fills spans and resources with the attributes that instrumentation gives them, by the semantic
 * conventions 1.43 for HTTP, databases and messaging. About 512 bytes a span, its share of the
 * resource among them. Owned by one thread.
 */
final class SpanAttributes {
  // Stand where each send writes its own.
  static final ByteString TRACE_ID_PLACE = ByteString.copyFrom(new byte[16]);
  static final ByteString SPAN_ID_PLACE = ByteString.copyFrom(new byte[8]);
  static final long TIME_PLACE = 1;

  private static final String STACK_TRACE =
      """
      java.net.SocketTimeoutException: Read timed out after 250 ms
      \tat example.shop.Client.read(Client.java:118)
      \tat example.shop.Client.call(Client.java:74)
      \tat example.shop.Service.handle(Service.java:41)
      """;

  private static final InstrumentationScope SCOPE =
      InstrumentationScope.newBuilder()
          .setName("io.opentelemetry.spring-webmvc-6.0")
          .setVersion("2.31.1-alpha")
          .build();

  private final Random random;
  private final double eventShare;

  SpanAttributes(Random random, double eventShare) {
    this.random = random;
    this.eventShare = eventShare;
  }

  static InstrumentationScope scope() {
    return SCOPE;
  }

  static Resource resource(int service) {
    return Resource.newBuilder()
        .addAttributes(text("service.name", Topology.serviceName(service)))
        .addAttributes(text("service.version", "4." + service + ".1"))
        .addAttributes(text("service.instance.id", "0f5e7d1c-6a52-4f7e-9c1a-5b8e2d90a" + service))
        .addAttributes(text("telemetry.sdk.language", "java"))
        .addAttributes(text("telemetry.sdk.name", "opentelemetry"))
        .addAttributes(text("telemetry.sdk.version", "1.65.0"))
        .addAttributes(text("deployment.environment.name", "production"))
        .addAttributes(text("k8s.namespace.name", "shop"))
        .addAttributes(text("k8s.pod.name", Topology.serviceName(service) + "-7d9c6b5f4-x2v9q"))
        .addAttributes(text("host.name", "node-" + service % 5 + ".eu-west.internal.example"))
        .build();
  }

  /** A span of an operation, with places for its ids and times. */
  Span span(SimulatedSpan simulated) {
    SimulatedOperation operation = simulated.operation();
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(TRACE_ID_PLACE)
            .setSpanId(SPAN_ID_PLACE)
            .setFlags(0x101)
            .setName(operation.name())
            .setKind(operation.type().kind())
            .setStartTimeUnixNano(TIME_PLACE)
            .setEndTimeUnixNano(TIME_PLACE);
    if (simulated.parent() >= 0) {
      span.setParentSpanId(SPAN_ID_PLACE);
    }
    switch (operation.type()) {
      case HTTP_SERVER -> server(span, operation);
      case HTTP_CLIENT -> client(span, operation);
      case DATABASE -> database(span, operation);
      case PRODUCER, CONSUMER -> messaging(span, operation);
      case INTERNAL -> internal(span, operation);
    }
    span.addAttributes(number("thread.id", 20 + random.nextInt(200)))
        .addAttributes(text("thread.name", "http-nio-8080-exec-" + random.nextInt(64)));
    if (random.nextDouble() < eventShare) {
      event(span);
    }
    return span.build();
  }

  private void server(Span.Builder span, SimulatedOperation operation) {
    String method = operation.name().substring(0, operation.name().indexOf(' '));
    String route = operation.name().substring(method.length() + 1);
    span.addAttributes(text("http.request.method", method))
        .addAttributes(text("url.path", path(route)))
        .addAttributes(text("url.scheme", "https"))
        .addAttributes(text("http.route", route))
        .addAttributes(number("http.response.status_code", 200))
        .addAttributes(text("server.address", "api.shop.example"))
        .addAttributes(number("server.port", 443))
        .addAttributes(text("client.address", address()))
        .addAttributes(text("network.protocol.version", "1.1"))
        .addAttributes(
            text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Firefox/144.0"));
  }

  private void client(Span.Builder span, SimulatedOperation operation) {
    String method = operation.name().substring(0, operation.name().indexOf(' '));
    String path = path(operation.name().substring(method.length() + 1));
    String host = "shop-service-" + random.nextInt(20) + ".internal.example";
    span.addAttributes(text("http.request.method", method))
        .addAttributes(text("url.full", "http://" + host + ":8080" + path))
        .addAttributes(number("http.response.status_code", 200))
        .addAttributes(text("server.address", host))
        .addAttributes(number("server.port", 8080))
        .addAttributes(text("network.peer.address", address()))
        .addAttributes(text("network.protocol.version", "1.1"));
  }

  private void database(Span.Builder span, SimulatedOperation operation) {
    String table = operation.name().substring("SELECT ".length());
    span.addAttributes(text("db.system.name", "postgresql"))
        .addAttributes(text("db.namespace", "shop"))
        .addAttributes(text("db.collection.name", table))
        .addAttributes(text("db.operation.name", "SELECT"))
        .addAttributes(
            text("db.query.text", "SELECT id, state, total FROM " + table + " WHERE customer = $1"))
        .addAttributes(text("server.address", "postgres-" + random.nextInt(3) + ".example"))
        .addAttributes(number("server.port", 5432));
  }

  private void messaging(Span.Builder span, SimulatedOperation operation) {
    String destination = operation.name().substring(operation.name().indexOf(' ') + 1);
    boolean send = operation.type() == SpanType.PRODUCER;
    span.addAttributes(text("messaging.system", "kafka"))
        .addAttributes(text("messaging.operation.name", send ? "send" : "process"))
        .addAttributes(text("messaging.operation.type", send ? "send" : "process"))
        .addAttributes(text("messaging.destination.name", destination))
        .addAttributes(
            text("messaging.destination.partition.id", Integer.toString(random.nextInt(24))))
        .addAttributes(number("messaging.kafka.offset", random.nextInt(1 << 30)))
        .addAttributes(text("messaging.client.id", "client-" + operation.service()))
        .addAttributes(text("server.address", "kafka-" + random.nextInt(3) + ".example"))
        .addAttributes(number("server.port", 9092));
  }

  private void internal(Span.Builder span, SimulatedOperation operation) {
    span.addAttributes(text("code.function.name", "example.shop." + operation.name()))
        .addAttributes(text("code.file.path", "src/main/java/example/shop/Service.java"))
        .addAttributes(number("code.line.number", random.nextInt(900)))
        .addAttributes(text("shop.customer.tier", random.nextInt(5) == 0 ? "gold" : "standard"));
  }

  /** An exception that is recorded; in a fifth of the cases the span has failed with it. */
  private void event(Span.Builder span) {
    span.addEvents(
        Span.Event.newBuilder()
            .setTimeUnixNano(TIME_PLACE)
            .setName("exception")
            .addAttributes(text("exception.type", "java.net.SocketTimeoutException"))
            .addAttributes(text("exception.message", "Read timed out after 250 ms"))
            .addAttributes(text("exception.stacktrace", STACK_TRACE)));
    if (random.nextInt(5) == 0) {
      span.setStatus(
          Status.newBuilder()
              .setCode(Status.StatusCode.STATUS_CODE_ERROR)
              .setMessage("Read timed out after 250 ms"));
    }
  }

  private String path(String route) {
    return route.replace("{id}", Integer.toString(random.nextInt(10_000_000)));
  }

  private String address() {
    return "10." + random.nextInt(4) + "." + random.nextInt(256) + "." + random.nextInt(256);
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
