package io.krystaline.sink.receive;

import io.grpc.CallOptions;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A real grpc-java client on one connection, which sends and receives plain bytes. */
final class GrpcSender implements AutoCloseable {
  static final String TRACES = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
  static final String METRICS = "opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
  static final String LOGS = "opentelemetry.proto.collector.logs.v1.LogsService/Export";

  private static final int DEADLINE_SECONDS = 20;

  /** Compresses one message. */
  interface Compression {
    OutputStream compress(OutputStream target) throws IOException;
  }

  private final CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
  private final ManagedChannel channel;

  GrpcSender(int port) {
    this(port, UnaryOperator.identity());
  }

  GrpcSender(int port, UnaryOperator<NettyChannelBuilder> options) {
    compressors.register(Codec.Identity.NONE);
    channel =
        options
            .apply(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext())
            .compressorRegistry(compressors)
            .disableRetry()
            .build();
  }

  ManagedChannel channel() {
    return channel;
  }

  byte[] export(String method, byte[] message) {
    return export(method, message, CallOptions.DEFAULT);
  }

  /** Sends a message under a coding's name, compressed as the test says. */
  byte[] export(String method, byte[] message, String coding, Compression compression) {
    compressors.register(
        new io.grpc.Compressor() {
          @Override
          public String getMessageEncoding() {
            return coding;
          }

          @Override
          public OutputStream compress(OutputStream target) throws IOException {
            return compression.compress(target);
          }
        });
    return export(method, message, CallOptions.DEFAULT.withCompression(coding));
  }

  byte[] export(String method, byte[] message, CallOptions options) {
    return ClientCalls.blockingUnaryCall(
        channel,
        method(method),
        options.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS),
        message);
  }

  static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(name)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
