package io.krystaline.bench.send;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ConnectivityState;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.krystaline.bench.load.Compression;
import io.krystaline.bench.load.Message;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * OTLP over gRPC at little cost: message bytes are copied once, into the buffers of the connection,
 * and answers are handled on its event loop.
 */
public final class GrpcExporter implements Exporter {
  private static final int MESSAGE_BYTES_MAX = 64 << 20;
  private static final long CONNECT_SECONDS_MAX = 30;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final CallOptions options;

  /** Opens connections to a receiver on this machine or another. */
  public GrpcExporter(String host, int port, int connections, Compression compression) {
    this.options =
        compression == Compression.NONE
            ? CallOptions.DEFAULT
            : CallOptions.DEFAULT.withCompression(compression.token());
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(Codec.Identity.NONE);
    compressors.register(new AlreadyDone(compression.token()));
    for (int i = 0; i < connections; i++) {
      channels.add(
          NettyChannelBuilder.forAddress(host, port)
              .usePlaintext()
              .directExecutor()
              .compressorRegistry(compressors)
              .maxInboundMessageSize(MESSAGE_BYTES_MAX)
              .build());
    }
    channels.forEach(GrpcExporter::connect);
  }

  private static void connect(ManagedChannel channel) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CONNECT_SECONDS_MAX);
    ConnectivityState state = channel.getState(true);
    while (state != ConnectivityState.READY && System.nanoTime() < end) {
      var changed = new CountDownLatch(1);
      channel.notifyWhenStateChanged(state, changed::countDown);
      try {
        var _ = changed.await(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      state = channel.getState(true);
    }
  }

  @Override
  public int connections() {
    return channels.size();
  }

  @Override
  public void send(int connection, Message message, Reply reply) {
    ClientCall<Message, byte[]> call = channels.get(connection).newCall(EXPORT, options);
    call.start(new Listener(reply), new Metadata());
    call.request(1);
    call.sendMessage(message);
    call.halfClose();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    try {
      for (ManagedChannel channel : channels) {
        var _ = channel.awaitTermination(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Listener extends ClientCall.Listener<byte[]> {
    private final Reply reply;
    private byte[] response = {};

    Listener(Reply reply) {
      this.reply = reply;
    }

    @Override
    public void onMessage(byte[] message) {
      response = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      reply.onAnswer(answer(status, response));
    }
  }

  /** What a status and the bytes of a response mean. */
  static Answer answer(Status status, byte[] response) {
    return switch (status.getCode()) {
      case OK -> ExportResponses.protobuf(response);
      case UNAVAILABLE, RESOURCE_EXHAUSTED ->
          // A broken connection is UNAVAILABLE too, but has a cause: nobody knows what came of it.
          status.getCause() == null
              ? Answer.refused(status.toString())
              : Answer.failed(status.toString());
      default -> Answer.failed(status.toString());
    };
  }

  /** Marks messages as compressed, which they are already. */
  private record AlreadyDone(String token) implements Compressor {
    @Override
    public String getMessageEncoding() {
      return token;
    }

    @Override
    public OutputStream compress(OutputStream target) {
      return target;
    }
  }

  private static final class MessageStream extends InputStream implements Drainable, KnownLength {
    private final Message message;
    private int read;

    MessageStream(Message message) {
      this.message = message;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int rest = available();
      target.write(message.bytes(), read, rest);
      read += rest;
      return rest;
    }

    @Override
    public int available() {
      return message.length() - read;
    }

    @Override
    public int read() {
      return available() == 0 ? -1 : message.bytes()[read++] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int count = Math.min(length, available());
      if (count == 0) {
        return length == 0 ? 0 : -1;
      }
      System.arraycopy(message.bytes(), read, target, offset, count);
      read += count;
      return count;
    }
  }

  private static final MethodDescriptor.Marshaller<Message> MESSAGES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(Message value) {
          return new MessageStream(value);
        }

        @Override
        public Message parse(InputStream stream) {
          throw new UnsupportedOperationException("messages are only sent");
        }
      };

  private static final MethodDescriptor.Marshaller<byte[]> RESPONSES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          throw new UnsupportedOperationException("responses are only read");
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

  private static final MethodDescriptor<Message, byte[]> EXPORT =
      TraceServiceGrpc.getExportMethod().toBuilder(MESSAGES, RESPONSES).build();
}
