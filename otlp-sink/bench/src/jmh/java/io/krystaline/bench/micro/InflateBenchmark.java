package io.krystaline.bench.micro;

import io.krystaline.bench.load.Message;
import io.krystaline.engine.inflate.DeflateDecoder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Nanoseconds a span: a message that was compressed at zlib's default level, decompressed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Spans.BATCH)
public class InflateBenchmark {
  private static final int MESSAGES = 64;

  private final DeflateDecoder decoder = new DeflateDecoder();
  private final Inflater zlib = new Inflater(true);
  private final byte[][] messages = new byte[MESSAGES][];
  private byte[] plain = {};
  private byte[] compressed = {};
  private int length;
  private int number;

  /** Compresses as many messages as no cache of the processor's core holds once decompressed. */
  @Setup
  public void compress() {
    Spans spans = new Spans(200);
    int longest = 0;
    for (int i = 0; i < MESSAGES; i++) {
      Message message = spans.take();
      longest = Math.max(longest, message.length());
      messages[i] = deflate(message);
      spans.release(message);
    }
    plain = new byte[longest + DeflateDecoder.OUTPUT_SLACK];
  }

  /** Takes the next message. */
  @Setup(Level.Invocation)
  public void next() {
    number = (number + 1) % MESSAGES;
    compressed = messages[number];
    length = compressed.length - DeflateDecoder.INPUT_SLACK;
  }

  /** The engine's decoder. */
  @Benchmark
  public int engine() throws DataFormatException {
    decoder.start(compressed, 0, length);
    return decoder.decode(plain, 0, 0, plain.length - DeflateDecoder.OUTPUT_SLACK);
  }

  /** The JDK's, which is zlib. */
  @Benchmark
  public int zlib() throws DataFormatException {
    zlib.reset();
    zlib.setInput(compressed, 0, length);
    return zlib.inflate(plain, 0, plain.length);
  }

  private static byte[] deflate(Message message) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(message.bytes(), 0, message.length());
    deflater.finish();
    byte[] bytes = new byte[message.length()];
    int length = deflater.deflate(bytes);
    deflater.end();
    return Arrays.copyOf(bytes, length + DeflateDecoder.INPUT_SLACK);
  }
}
