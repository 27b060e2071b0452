package io.krystaline.sink.receive;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.krystaline.engine.decode.DecodeResult;
import io.krystaline.engine.decode.TraceDecoder;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.sink.pipeline.Ingest;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.MessageSource;
import io.krystaline.sink.pipeline.Transport;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures receiving and decoding over real gRPC on loopback, client and server in one JVM, so that
 * a change of the receiver can be judged within a minute: spans per second, and CPU-seconds of the
 * server's event loops per million spans. Not a test. Arguments: spans a batch (512), seconds (10).
 */
final class ReceiveThroughput {
  private static final int CALLS_IN_FLIGHT = 32;
  private static final int CONNECTIONS = 2;
  private static final int WARM_UP_SECONDS = 5;
  private static final int MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

  private final LongAdder spans = new LongAdder();

  private ReceiveThroughput() {}

  /** Runs the measurement and prints one line. */
  public static void main(String[] arguments) throws Exception {
    int batch = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 512;
    int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    new ReceiveThroughput().run(batch, seconds, System.out);
  }

  private void run(int batch, int seconds, PrintStream out) throws InterruptedException {
    byte[] message = OtlpSamples.spans(batch).toByteArray();
    CountingMetrics metrics = new CountingMetrics();
    GrpcSettings settings =
        GrpcSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    SignalIntake intake = new SignalIntake(new DecodeOnly(), metrics, MESSAGE_BYTES_MAX);
    try (GrpcReceiver receiver =
        new GrpcReceiver(settings, intake, metrics, TestEventLoops.GROUP)) {
      receiver.start();
      List<Load> loads = new ArrayList<>();
      for (int connection = 0; connection < CONNECTIONS; connection++) {
        loads.add(new Load(new GrpcSender(receiver.port()), message));
      }
      loads.forEach(Load::start);
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      long spansBefore = spans.sum();
      long cpuBefore = serverCpuNanos();
      long before = System.nanoTime();
      TimeUnit.SECONDS.sleep(seconds);
      double elapsedSeconds = (System.nanoTime() - before) / 1e9;
      double millions = (spans.sum() - spansBefore) / 1e6;
      double cpuSeconds = (serverCpuNanos() - cpuBefore) / 1e9;
      out.printf(
          "%d spans a batch, %d bytes a span: %.2f million spans/s, %.3f CPU-s per million%n",
          batch, message.length / batch, millions / elapsedSeconds, cpuSeconds / millions);
      loads.forEach(Load::stop);
    }
  }

  private static long serverCpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().startsWith("test-loop")) {
        nanos += threads.getThreadCpuTime(id);
      }
    }
    return nanos;
  }

  /** Decodes each message into columns and forgets it. */
  private final class DecodeOnly implements Ingest {
    private final ThreadLocal<ReceiveBuffer> buffers =
        ThreadLocal.withInitial(() -> new ReceiveBuffer(MESSAGE_BYTES_MAX));
    private final ThreadLocal<TraceDecoder> decoders = ThreadLocal.withInitial(TraceDecoder::new);
    private final ThreadLocal<SpanBatch> batches = ThreadLocal.withInitial(SpanBatch::new);

    @Override
    public IngestResult offer(Transport transport, MessageSource source) {
      ReceiveBuffer buffer = buffers.get();
      SpanBatch batch = batches.get();
      buffer.reset(MESSAGE_BYTES_MAX);
      try {
        source.copyTo(buffer);
      } catch (IOException e) {
        return new IngestResult.Malformed(String.valueOf(e.getMessage()));
      }
      return switch (decoders.get().decode(buffer.array(), 0, buffer.length(), batch)) {
        case DecodeResult.Decoded decoded -> {
          spans.add(batch.spanCount());
          yield new IngestResult.Accepted(batch.spanCount(), 0, "", null);
        }
        case DecodeResult.Malformed malformed -> new IngestResult.Malformed(malformed.message());
      };
    }
  }

  /** Keeps a number of calls in flight on one connection. */
  private static final class Load {
    private final GrpcSender sender;
    private final byte[] message;
    private final Semaphore permits = new Semaphore(CALLS_IN_FLIGHT);
    private final Thread thread;
    private volatile boolean stopped;

    Load(GrpcSender sender, byte[] message) {
      this.sender = sender;
      this.message = message;
      this.thread = Thread.ofPlatform().name("load").daemon().unstarted(this::send);
    }

    void start() {
      thread.start();
    }

    void stop() {
      stopped = true;
      sender.close();
    }

    private void send() {
      while (!stopped) {
        permits.acquireUninterruptibly();
        ClientCall<byte[], byte[]> call =
            sender.channel().newCall(GrpcSender.method(GrpcSender.TRACES), CallOptions.DEFAULT);
        call.start(
            new ClientCall.Listener<>() {
              @Override
              public void onClose(Status status, Metadata trailers) {
                permits.release();
              }
            },
            new Metadata());
        call.request(1);
        call.sendMessage(message);
        call.halfClose();
      }
    }
  }
}
