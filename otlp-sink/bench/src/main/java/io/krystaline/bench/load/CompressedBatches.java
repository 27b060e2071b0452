package io.krystaline.bench.load;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;

/**
 * Batches that were compressed before a round, each of which is sent once: what the sender costs is
 * then not the compression. Safe on every thread.
 */
public final class CompressedBatches implements MessageSource {
  private final Queue<Message> messages;

  /**
   * A message that is already compressed.
   *
   * @param bytes all of the message
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares messages
  private record Compressed(byte[] bytes, int spans) implements Message {
    @Override
    public int length() {
      return bytes.length;
    }
  }

  private CompressedBatches(List<Message> messages) {
    this.messages = new ArrayDeque<>(messages);
  }

  /**
   * Takes batches from another source and compresses them, on all cores.
   *
   * @param spans how many spans at least, as far as the source goes
   */
  public static CompressedBatches of(MessageSource source, Compression compression, long spans) {
    Message first = compress(source, compression).orElseThrow();
    long more = Math.ceilDiv(spans, first.spans()) - 1;
    List<Message> rest =
        IntStream.range(0, Math.toIntExact(more))
            .parallel()
            .mapToObj(i -> compress(source, compression))
            .flatMap(Optional::stream)
            .toList();
    CompressedBatches batches = new CompressedBatches(rest);
    batches.messages.add(first);
    return batches;
  }

  private static Optional<Message> compress(MessageSource source, Compression compression) {
    Optional<Message> taken = source.take();
    return taken.map(
        message -> {
          byte[] bytes = compression.compress(message.bytes(), message.length());
          source.release(message);
          return new Compressed(bytes, message.spans());
        });
  }

  @Override
  public synchronized Optional<Message> take() {
    return Optional.ofNullable(messages.poll());
  }

  @Override
  public void release(Message message) {
    // Each is sent once; the collector of the JVM takes it.
  }
}
