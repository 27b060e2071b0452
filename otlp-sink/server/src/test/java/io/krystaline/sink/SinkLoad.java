package io.krystaline.sink;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends pre-encoded spans to a running sink over real gRPC as fast as it takes them, and prints how
 * many it took. A program, not a test: {@code SinkLoad PORT SECONDS [CONNECTIONS]}. 20 services,
 * 200 operations, log-normal durations, 512 spans a batch.
 *
 * <p>Each batch is sent again and again with new trace and span ids, written over the old ones in
 * place, and with start and end times of one moment.
 */
final class SinkLoad {
  private static final int SPANS = 512;
  private static final int BATCHES = 64;
  private static final int CALLS_IN_FLIGHT = 32;

  private static final class Batch {
    private final byte[] bytes;
    private final int[] idOffsets;

    Batch(byte[] bytes, int[] idOffsets) {
      this.bytes = bytes;
      this.idOffsets = idOffsets;
    }
  }

  private SinkLoad() {}

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    long seconds = Long.parseLong(arguments[1]);
    int connections = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    List<Batch> batches = batches(new Random(1), Instant.now());
    long bytes = batches.stream().mapToLong(batch -> batch.bytes.length).sum();
    System.out.printf("%d bytes a span%n", bytes / BATCHES / SPANS);
    LongAdder accepted = new LongAdder();
    LongAdder refused = new LongAdder();
    Semaphore permits = new Semaphore(CALLS_IN_FLIGHT * connections);
    List<ManagedChannel> channels = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      channels.add(
          NettyChannelBuilder.forAddress("127.0.0.1", port)
              .usePlaintext()
              .directExecutor()
              .build());
    }
    Random random = new Random(2);
    long start = System.nanoTime();
    long second = start;
    long before = 0;
    for (int i = 0; System.nanoTime() - start < seconds * 1_000_000_000L; i++) {
      permits.acquire();
      Batch batch = batches.get(i % BATCHES);
      send(channels.get(i % connections), fresh(batch, random), permits, accepted, refused);
      if (System.nanoTime() - second > 5_000_000_000L) {
        long now = System.nanoTime();
        System.out.printf(
            "%,.0f spans/s, %d refused calls%n",
            (accepted.sum() - before) / ((now - second) / 1e9), refused.sum());
        before = accepted.sum();
        second = now;
      }
    }
    permits.acquire(CALLS_IN_FLIGHT * connections);
    double elapsed = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%,d spans accepted in %.1f s: %,.0f spans/s; %d calls refused%n",
        accepted.sum(), elapsed, accepted.sum() / elapsed, refused.sum());
    channels.forEach(ManagedChannel::shutdownNow);
  }

  private static byte[] fresh(Batch batch, Random random) {
    byte[] bytes = batch.bytes.clone();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long trace = random.nextLong();
    for (int i = 0; i < batch.idOffsets.length; i += 2) {
      buffer.putLong(batch.idOffsets[i], trace + i / 16);
      buffer.putLong(batch.idOffsets[i + 1], random.nextLong() | 1);
    }
    return bytes;
  }

  private static void send(
      ManagedChannel channel,
      byte[] bytes,
      Semaphore permits,
      LongAdder accepted,
      LongAdder refused) {
    ClientCall<byte[], byte[]> call = channel.newCall(METHOD, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
              accepted.add(SPANS);
            } else {
              refused.increment();
            }
            permits.release();
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(bytes);
    call.halfClose();
  }

  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException("unreadable response", e);
          }
        }
      };

  private static final MethodDescriptor<byte[], byte[]> METHOD =
      TraceServiceGrpc.getExportMethod().toBuilder(BYTES, BYTES).build();

  private static List<Batch> batches(Random random, Instant now) {
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(batch(random, now, i % 20));
    }
    return batches;
  }

  private static Batch batch(Random random, Instant now, int service) {
    ScopeSpans.Builder spans = ScopeSpans.newBuilder();
    long marker = 0x5a5a5a5a00000000L;
    for (int i = 0; i < SPANS; i++) {
      long start = now.getEpochSecond() * 1_000_000_000L + i;
      int operation = random.nextInt(10);
      double millis = (5 + 10 * operation) * Math.exp(0.3 * random.nextGaussian());
      spans.addSpans(
          Span.newBuilder()
              .setTraceId(
                  ByteString.copyFrom(
                      ByteBuffer.allocate(16).putLong(marker + i).putLong(7).flip()))
              .setSpanId(
                  ByteString.copyFrom(ByteBuffer.allocate(8).putLong(marker + i + 100_000).flip()))
              .setParentSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(3).flip()))
              .setName("GET /api/resource-" + operation + "/{id}")
              .setKindValue(2 + operation % 2)
              .setStartTimeUnixNano(start)
              .setEndTimeUnixNano(start + (long) (millis * 1e6))
              .addAttributes(text("http.request.method", "GET"))
              .addAttributes(
                  text("url.path", "/api/resource-" + operation + "/" + random.nextInt(1_000_000)))
              .addAttributes(text("http.route", "/api/resource-" + operation + "/{id}"))
              .addAttributes(text("server.address", "shop-" + service + ".internal.example"))
              .addAttributes(
                  text(
                      "user_agent.original",
                      "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/144.0"))
              .addAttributes(
                  text("network.peer.address", "10.1." + service + "." + random.nextInt(250)))
              .addAttributes(text("thread.name", "http-worker-" + random.nextInt(64))));
    }
    byte[] bytes =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(
                        Resource.newBuilder()
                            .addAttributes(text("service.name", "service-" + service)))
                    .addScopeSpans(spans))
            .build()
            .toByteArray();
    return new Batch(bytes, idOffsets(bytes, marker));
  }

  /**
   * Finds where the marked ids lie: the trace id's first eight bytes and the span id, span by span.
   */
  private static int[] idOffsets(byte[] bytes, long marker) {
    int[] offsets = new int[2 * SPANS];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int found = 0;
    for (int i = 0; i + 8 <= bytes.length && found < offsets.length; i++) {
      if (bytes[i] == 0x5a && buffer.getLong(i) >>> 32 == marker >>> 32) {
        offsets[found++] = i;
        i += 7;
      }
    }
    if (found != offsets.length) {
      throw new IllegalStateException("found " + found + " ids");
    }
    return offsets;
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
