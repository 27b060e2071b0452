package io.krystaline.sink.receive;

import io.krystaline.engine.inflate.DeflateDecoder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.ZipException;

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
  private final GzipBuffers buffers;
  private boolean isRead;
  private boolean isClosed;
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
    if (isClosed) {
      throw new IOException("the stream is closed");
    }
    if (length == 0) {
      return 0;
    }
    if (!isRead) {
      isRead = true;
      buffers.readFrom(source);
    }
    while (readPosition == windowEnd) {
      if (!isInsideMember && !startMember()) {
        return -1;
      }
      decode();
    }
    int read = Math.min(length, windowEnd - readPosition);
    System.arraycopy(buffers.window(), readPosition, target, offset, read);
    readPosition += read;
    return read;
  }

  @Override
  public void close() throws IOException {
    if (!isClosed) {
      isClosed = true;
      giveBack.accept(buffers);
    }
    source.close();
  }

  /** Decodes a piece; nothing at the end of a member. All of the window was read. */
  private void decode() throws IOException {
    makeRoom();
    DeflateDecoder decoder = buffers.decoder();
    try {
      windowEnd =
          decoder.decode(
              buffers.window(), memberStart, readPosition, readPosition + GzipBuffers.PIECE_BYTES);
    } catch (DataFormatException e) {
      throw new ZipException("corrupt gzip data: " + e.getMessage());
    }
    int decoded = windowEnd - readPosition;
    checksum.update(buffers.window(), readPosition, decoded);
    memberBytes += decoded;
    if (decoder.isFinished()) {
      inputPosition = decoder.inputPosition();
      endMember();
    }
  }

  private void makeRoom() {
    if (readPosition + GzipBuffers.PIECE_BYTES <= buffers.windowBytes()) {
      return;
    }
    int shift = readPosition - DeflateDecoder.HISTORY_BYTES;
    byte[] window = buffers.window();
    System.arraycopy(window, shift, window, 0, DeflateDecoder.HISTORY_BYTES);
    readPosition -= shift;
    memberStart = Math.max(0, memberStart - shift);
  }

  private boolean startMember() throws IOException {
    if (inputPosition == buffers.inputEnd()) {
      if (!anyMember) {
        throw new EOFException("gzip data is empty");
      }
      return false;
    }
    checksum.reset();
    if (headerByte() != 0x1f || headerByte() != 0x8b) {
      throw new ZipException(anyMember ? "data after the gzip member" : "no gzip data");
    }
    if (headerByte() != METHOD_DEFLATE) {
      throw new ZipException("unknown gzip method");
    }
    int flags = headerByte();
    if ((flags & FLAGS_RESERVED) != 0) {
      throw new ZipException("reserved gzip flags");
    }
    for (int skipped = 0; skipped < 6; skipped++) {
      headerByte();
    }
    skipOptionalFields(flags);
    buffers.decoder().start(buffers.input(), inputPosition, buffers.inputEnd());
    checksum.reset();
    memberStart = readPosition;
    memberBytes = 0;
    isInsideMember = true;
    anyMember = true;
    return true;
  }

  private void skipOptionalFields(int flags) throws IOException {
    if ((flags & FLAG_EXTRA) != 0) {
      int extra = headerByte() | headerByte() << 8;
      for (int skipped = 0; skipped < extra; skipped++) {
        headerByte();
      }
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      int expected = (int) checksum.getValue() & 0xFFFF;
      int actual = nextByte() | nextByte() << 8;
      if (actual != expected) {
        throw new ZipException("wrong checksum of the gzip header");
      }
    }
  }

  private void skipText() throws IOException {
    while (headerByte() != 0) {
      // The name and the comment are of no use here.
    }
  }

  private void endMember() throws IOException {
    long expectedChecksum = littleEndian();
    long expectedLength = littleEndian();
    if (expectedChecksum != checksum.getValue()) {
      throw new ZipException("wrong checksum of the gzip data");
    }
    if (expectedLength != (memberBytes & 0xFFFFFFFFL)) {
      throw new ZipException("wrong length of the gzip data");
    }
    isInsideMember = false;
  }

  private long littleEndian() throws IOException {
    return nextByte() | (long) nextByte() << 8 | (long) nextByte() << 16 | (long) nextByte() << 24;
  }

  private int headerByte() throws IOException {
    int value = nextByte();
    checksum.update(value);
    return value;
  }

  private int nextByte() throws IOException {
    if (inputPosition == buffers.inputEnd()) {
      throw new EOFException("gzip data is cut off");
    }
    return buffers.input()[inputPosition++] & 0xFF;
  }
}
