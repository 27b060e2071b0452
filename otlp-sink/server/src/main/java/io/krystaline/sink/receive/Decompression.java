package io.krystaline.sink.receive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.xerial.snappy.SnappyFramedInputStream;

/**
 * Decompresses what a receiver is sent, and keeps what that needs between messages: for gzip some
 * 250 KiB for each message that was ever open at once. Thread-safe.
 */
final class Decompression {
  /** Frames whose window is over 64 MiB are refused: it is memory that a sender makes us take. */
  private static final int ZSTD_WINDOW_LOG_MAX = 26;

  /** An event loop has one stream open at a time; more loops than this are seldom. */
  private static final int SPARE_BUFFERS_MAX = 32;

  private final int messageBytesMax;
  private final Queue<GzipBuffers> spareBuffers = new ArrayBlockingQueue<>(SPARE_BUFFERS_MAX);

  /**
   * Decompression for one receiver.
   *
   * @param messageBytesMax limit of a message as it is received
   */
  Decompression(int messageBytesMax) {
    this.messageBytesMax = messageBytesMax;
  }

  /**
   * Decompresses a stream, all members or frames of it. Nothing is read before the first read of
   * the result, and every fault of the data is an {@link IOException} with a short text that holds
   * nothing of the data.
   */
  InputStream decompress(ContentCoding coding, InputStream source) {
    return coding == ContentCoding.IDENTITY
        ? source
        : new DecompressedInputStream(coding, source, this);
  }

  /** Opens the stream of a coding; may read. */
  InputStream open(ContentCoding coding, InputStream source) throws IOException {
    return switch (coding) {
      case IDENTITY -> source;
      case GZIP -> new GzipMembersInputStream(source, takeBuffers(), this::giveBack);
      case ZSTD -> new ZstdInputStreamNoFinalizer(source).setLongMax(ZSTD_WINDOW_LOG_MAX);
      case SNAPPY -> new SnappyFramedInputStream(source, true);
    };
  }

  private GzipBuffers takeBuffers() {
    GzipBuffers spare = spareBuffers.poll();
    return spare == null ? new GzipBuffers(messageBytesMax) : spare;
  }

  private void giveBack(GzipBuffers buffers) {
    buffers.reset();
    boolean _ = spareBuffers.offer(buffers);
  }
}
