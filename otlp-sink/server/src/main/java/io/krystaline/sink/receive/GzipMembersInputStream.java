package io.krystaline.sink.receive;

import io.krystaline.engine.inflate.DeflateDecoder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads gzip (RFC 1952), all members one after another. Unlike the JDK's stream it refuses whatever
 * follows a member and is none: what it swallowed there would be lost without a word. Reads its
 * source whole at the first read. Not thread-safe; gives its buffers back on {@link #close}.
 */
final class GzipMembersInputStream extends InputStream {
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS_RESERVED = 0xE0;
  private static final int METHOD_DEFLATE = 8;

  private final InputStream source;
  private final Consumer<GzipBuffers> giveBack;
  private final CRC32 checksum = new CRC32();
  private @Nullable GzipBuffers buffers;
  private boolean isRead;
  private int inputPosition;

  /** Of the window: what is read next, the end of what was decoded, the member's first byte. */
  private int readPosition;

  private int windowEnd;
  private int memberStart;
  private long memberBytes;
  private boolean isInsideMember;
  private boolean anyMember;

  /**
   * A stream that has read nothing.
   *
   * @param buffers nobody else's until they are given back
   * @param giveBack called once, by {@link #close}
   */
  GzipMembersInputStream(InputStream source, GzipBuffers buffers, Consumer<GzipBuffers> giveBack) {
    this.source = source;
    this.buffers = buffers;
    this.giveBack = giveBack;
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    GzipBuffers open = open();
    if (length == 0) {
      return 0;
    }
    while (readPosition == windowEnd) {
      if (!isInsideMember && !startMember(open)) {
        return -1;
      }
      decode(open);
    }
    int read = Math.min(length, windowEnd - readPosition);
    System.arraycopy(open.window(), readPosition, target, offset, read);
    readPosition += read;
    return read;
  }

  @Override
  public void close() throws IOException {
    GzipBuffers used = buffers;
    buffers = null;
    if (used != null) {
      giveBack.accept(used);
    }
    source.close();
  }

  private GzipBuffers open() throws IOException {
    GzipBuffers open = buffers;
    if (open == null) {
      throw new IOException("the stream is closed");
    }
    if (!isRead) {
      isRead = true;
      open.readFrom(source);
    }
    return open;
  }

  /** Decodes a piece; nothing at the end of a member. All of the window was read. */
  private void decode(GzipBuffers open) throws IOException {
    makeRoom(open);
    DeflateDecoder decoder = open.decoder();
    try {
      windowEnd =
          decoder.decode(
              open.window(), memberStart, readPosition, readPosition + GzipBuffers.PIECE_BYTES);
    } catch (DataFormatException e) {
      throw new ZipException("corrupt gzip data: " + e.getMessage());
    }
    int decoded = windowEnd - readPosition;
    checksum.update(open.window(), readPosition, decoded);
    memberBytes += decoded;
    if (decoder.isFinished()) {
      inputPosition = decoder.inputPosition();
      endMember(open);
    }
  }

  private void makeRoom(GzipBuffers open) {
    int shift = readPosition - DeflateDecoder.HISTORY_BYTES;
    if (readPosition + GzipBuffers.PIECE_BYTES <= open.windowBytes() || shift <= 0) {
      return;
    }
    byte[] window = open.window();
    System.arraycopy(window, shift, window, 0, DeflateDecoder.HISTORY_BYTES);
    readPosition -= shift;
    memberStart = Math.max(0, memberStart - shift);
  }

  private boolean startMember(GzipBuffers open) throws IOException {
    if (inputPosition == open.inputEnd()) {
      if (!anyMember) {
        throw new EOFException("gzip data is empty");
      }
      return false;
    }
    checksum.reset();
    if (headerByte(open) != 0x1f || headerByte(open) != 0x8b) {
      throw new ZipException(anyMember ? "data after the gzip member" : "no gzip data");
    }
    if (headerByte(open) != METHOD_DEFLATE) {
      throw new ZipException("unknown gzip method");
    }
    int flags = headerByte(open);
    if ((flags & FLAGS_RESERVED) != 0) {
      throw new ZipException("reserved gzip flags");
    }
    for (int skipped = 0; skipped < 6; skipped++) {
      headerByte(open);
    }
    skipOptionalFields(open, flags);
    open.decoder().start(open.input(), inputPosition, open.inputEnd());
    checksum.reset();
    memberStart = readPosition;
    memberBytes = 0;
    isInsideMember = true;
    anyMember = true;
    return true;
  }

  private void skipOptionalFields(GzipBuffers open, int flags) throws IOException {
    if ((flags & FLAG_EXTRA) != 0) {
      int extra = headerByte(open) | headerByte(open) << 8;
      for (int skipped = 0; skipped < extra; skipped++) {
        headerByte(open);
      }
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText(open);
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText(open);
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      int expected = (int) checksum.getValue() & 0xFFFF;
      int actual = nextByte(open) | nextByte(open) << 8;
      if (actual != expected) {
        throw new ZipException("wrong checksum of the gzip header");
      }
    }
  }

  private void skipText(GzipBuffers open) throws IOException {
    while (headerByte(open) != 0) {
      // The name and the comment are of no use here.
    }
  }

  private void endMember(GzipBuffers open) throws IOException {
    long expectedChecksum = littleEndian(open);
    long expectedLength = littleEndian(open);
    if (expectedChecksum != checksum.getValue()) {
      throw new ZipException("wrong checksum of the gzip data");
    }
    if (expectedLength != (memberBytes & 0xFFFFFFFFL)) {
      throw new ZipException("wrong length of the gzip data");
    }
    isInsideMember = false;
  }

  private long littleEndian(GzipBuffers open) throws IOException {
    return nextByte(open)
        | (long) nextByte(open) << 8
        | (long) nextByte(open) << 16
        | (long) nextByte(open) << 24;
  }

  private int headerByte(GzipBuffers open) throws IOException {
    int value = nextByte(open);
    checksum.update(value);
    return value;
  }

  private int nextByte(GzipBuffers open) throws IOException {
    if (inputPosition == open.inputEnd()) {
      throw new EOFException("gzip data is cut off");
    }
    return open.input()[inputPosition++] & 0xFF;
  }
}
