package io.krystaline.engine.decode;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.Random;

/** Makes messages as an instrumented HTTP service sends them, about 512 bytes a span. */
final class TypicalTraces {
  private TypicalTraces() {}

  static byte[] message(int spans) {
    Random random = new Random(42);
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("io.opentelemetry.http"));
    for (int i = 0; i < spans; i++) {
      scope.addSpans(span(random, i));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(text("host.name", "node-17"))
                        .addAttributes(text("service.name", "checkout")))
                .addScopeSpans(scope))
        .build()
        .toByteArray();
  }

  private static Span span(Random random, int index) {
    long startNanos = 1_800_000_000_000_000_000L + index * 1_000L;
    return Span.newBuilder()
        .setTraceId(bytes(random, 16))
        .setSpanId(bytes(random, 8))
        .setParentSpanId(bytes(random, 8))
        .setName("GET /api/cart/{id}/" + random.nextInt(200))
        .setKind(Span.SpanKind.SPAN_KIND_SERVER)
        .setStartTimeUnixNano(startNanos)
        .setEndTimeUnixNano(startNanos + 1_000_000 + random.nextInt(1_000_000))
        .addAttributes(text("http.request.method", "GET"))
        .addAttributes(text("url.path", "/api/cart/" + random.nextInt(100_000)))
        .addAttributes(text("url.scheme", "https"))
        .addAttributes(whole("http.response.status_code", 200))
        .addAttributes(text("network.protocol.version", "1.1"))
        .addAttributes(text("server.address", "checkout.shop.svc.cluster.local"))
        .addAttributes(whole("server.port", 8080))
        .addAttributes(text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Gecko/2010"))
        .addAttributes(text("client.address", "10.12." + random.nextInt(256) + ".7"))
        .addAttributes(text("http.route", "/api/cart/{id}"))
        .addAttributes(text("app.tenant", "tenant-" + random.nextInt(1_000)))
        .addAttributes(whole("thread.id", random.nextInt(100)))
        .setStatus(Status.newBuilder())
        .build();
  }

  private static ByteString bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue whole(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
