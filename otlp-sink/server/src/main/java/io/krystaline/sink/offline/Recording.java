package io.krystaline.sink.offline;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/**
 * A file of recorded spans, read as a stream: memory holds one document at a time, never the file.
 *
 * <p>The form is told by content, not by name: gzip and zstd by their first bytes (several members
 * or frames are all read), then
 *
 * <ul>
 *   <li>OTLP JSON lines, one document a line, as the collector's file exporter writes them;
 *   <li>one OTLP JSON document, on as many lines as it likes;
 *   <li>OTLP protobuf, one {@code TracesData}, taken apart at its {@code ResourceSpans};
 *   <li>the file exporter's protobuf form: each message behind its length in four bytes,
 *       big-endian.
 * </ul>
 *
 * <p>Not thread-safe; {@link #bytesRead()} may be read by any thread.
 */
public final class Recording {
  private static final int BUFFER_BYTES = 1 << 17;
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int ZSTD_MAGIC = 0x28b52ffd;
  private static final int RESOURCE_SPANS_TAG = 0x0a;

  /** Receives the documents of a recording, on the reading thread, in the order of the file. */
  public interface DocumentVisitor {

    /**
     * An OTLP JSON document.
     *
     * @param line the number of the line that it starts on, from 1
     */
    void onJson(byte[] bytes, int length, long line) throws IOException;

    /**
     * An OTLP protobuf message.
     *
     * @param number its number in the file, from 1
     */
    void onProtobuf(byte[] bytes, int length, long number) throws IOException;

    /**
     * A part that can't be read at all: a line over the limit, or a file that ends in the middle.
     *
     * @param place the line or message and what is wrong, for a person
     */
    void onUnreadable(String place);
  }

  private final Path file;
  private final int documentBytesMax;
  private final AtomicLong bytesRead = new AtomicLong();

  /**
   * A recording that is not opened yet.
   *
   * @param documentBytesMax limit of one document (a line, a single JSON document, a ResourceSpans)
   */
  public Recording(Path file, int documentBytesMax) {
    this.file = file;
    this.documentBytesMax = documentBytesMax;
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** Bytes of the file (before decompression) that were read so far, for progress. */
  public long bytesRead() {
    return bytesRead.get();
  }

  /**
   * Reads the whole file.
   *
   * @throws IOException if the file can't be opened, or its compression is corrupt
   */
  public void read(DocumentVisitor visitor) throws IOException {
    try (InputStream raw = new CountingStream(Files.newInputStream(file), bytesRead);
        InputStream plain = decompress(new BufferedInputStream(raw, BUFFER_BYTES))) {
      BufferedInputStream in = new BufferedInputStream(plain, BUFFER_BYTES);
      int first = peek(in, 1);
      if (first < 0) {
        return;
      }
      if (first == RESOURCE_SPANS_TAG && !isJson(in)) {
        readProtobuf(in, visitor);
      } else if (first == 0) {
        readDelimitedProtobuf(in, visitor);
      } else {
        new JsonDocuments(in, documentBytesMax, visitor).read();
      }
    } catch (EOFException e) {
      visitor.onUnreadable("the file ends in the middle of a compressed part or of a message");
    }
  }

  private static InputStream decompress(BufferedInputStream in) throws IOException {
    if (peek(in, 2) == GZIP_MAGIC) {
      return new GZIPInputStream(in, BUFFER_BYTES);
    }
    if (peek(in, 4) == ZSTD_MAGIC) {
      return new ZstdInputStream(in).setContinuous(false);
    }
    return in;
  }

  /**
   * A newline is also the tag of ResourceSpans: it is JSON if white space alone leads to a brace.
   */
  private static boolean isJson(BufferedInputStream in) throws IOException {
    in.mark(BUFFER_BYTES);
    int next = in.read();
    for (int i = 1; i < BUFFER_BYTES && isWhiteSpace(next); i++) {
      next = in.read();
    }
    in.reset();
    return next == '{' || next < 0;
  }

  private static boolean isWhiteSpace(int next) {
    return next == '\n' || next == '\r' || next == ' ' || next == '\t';
  }

  /**
   * Takes a TracesData apart at its ResourceSpans; any other top-level field makes the rest
   * unreadable.
   */
  private void readProtobuf(BufferedInputStream in, DocumentVisitor visitor) throws IOException {
    byte[] message = new byte[BUFFER_BYTES];
    for (long number = 1; ; number++) {
      int tag = in.read();
      if (tag < 0) {
        return;
      }
      long length = tag == RESOURCE_SPANS_TAG ? readVarint(in) : -1;
      if (length < 0 || length > documentBytesMax - 16) {
        visitor.onUnreadable(
            "message "
                + number
                + ": no ResourceSpans of an acceptable length; the rest is skipped");
        return;
      }
      message = grown(message, (int) length + 16);
      int header = writeHeader(message, (int) length);
      if (in.readNBytes(message, header, (int) length) < length) {
        visitor.onUnreadable("message " + number + ": the file ends in the middle of it");
        return;
      }
      visitor.onProtobuf(message, header + (int) length, number);
    }
  }

  private void readDelimitedProtobuf(BufferedInputStream in, DocumentVisitor visitor)
      throws IOException {
    byte[] message = new byte[BUFFER_BYTES];
    byte[] prefix = new byte[4];
    for (long number = 1; ; number++) {
      int read = in.readNBytes(prefix, 0, 4);
      if (read == 0) {
        return;
      }
      long length =
          (prefix[0] & 0xffL) << 24
              | (prefix[1] & 0xff) << 16
              | (prefix[2] & 0xff) << 8
              | (prefix[3] & 0xff);
      if (read < 4 || length > documentBytesMax) {
        visitor.onUnreadable(
            "message " + number + ": its length is cut off or over the limit; the rest is skipped");
        return;
      }
      message = grown(message, (int) length);
      if (in.readNBytes(message, 0, (int) length) < length) {
        visitor.onUnreadable("message " + number + ": the file ends in the middle of it");
        return;
      }
      visitor.onProtobuf(message, (int) length, number);
    }
  }

  private static byte[] grown(byte[] bytes, int length) {
    return bytes.length >= length ? bytes : new byte[Math.max(length, bytes.length * 2)];
  }

  private static int writeHeader(byte[] message, int length) {
    int position = 0;
    message[position++] = RESOURCE_SPANS_TAG;
    int rest = length;
    while (rest >= 0x80) {
      message[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    message[position++] = (byte) rest;
    return position;
  }

  private static long readVarint(InputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    return -1;
  }

  private static int peek(BufferedInputStream in, int count) throws IOException {
    in.mark(count);
    int value = 0;
    for (int i = 0; i < count; i++) {
      int next = in.read();
      if (next < 0) {
        value = -1;
        break;
      }
      value = value << 8 | next;
    }
    in.reset();
    return value;
  }
}
