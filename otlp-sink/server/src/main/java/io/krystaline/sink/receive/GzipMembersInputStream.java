package io.krystaline.sink.receive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads gzip (RFC 1952), all members one after another. Unlike the JDK's stream it refuses whatever
 * follows a member and is none: what it swallowed there would be lost without a word. Not
 * thread-safe; frees its native memory on {@link #close}.
 */
final class GzipMembersInputStream extends InputStream {
  private static final int INPUT_BYTES = 16 * 1024;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS_RESERVED = 0xE0;
  private static final int METHOD_DEFLATE = 8;

  private final InputStream source;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] input = new byte[INPUT_BYTES];
  private int inputPosition;
  private int inputEnd;
  private boolean insideMember;
  private boolean anyMember;

  GzipMembersInputStream(InputStream source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      if (!insideMember && !startMember()) {
        return -1;
      }
      int read = inflate(target, offset, length);
      if (read > 0) {
        return read;
      }
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    source.close();
  }

  /** Inflates some bytes; 0 at the end of a member. */
  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      while (true) {
        int read = inflater.inflate(target, offset, length);
        if (read > 0) {
          checksum.update(target, offset, read);
          return read;
        }
        if (inflater.finished()) {
          endMember();
          return 0;
        }
        if (inflater.needsDictionary()) {
          throw new ZipException("gzip data that needs a dictionary");
        }
        fill();
        inflater.setInput(input, inputPosition, inputEnd - inputPosition);
        inputPosition = inputEnd;
      }
    } catch (DataFormatException e) {
      throw new ZipException("corrupt gzip data");
    }
  }

  private boolean startMember() throws IOException {
    if (inputPosition == inputEnd && !refill()) {
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
    inflater.reset();
    checksum.reset();
    inflater.setInput(input, inputPosition, inputEnd - inputPosition);
    inputPosition = inputEnd;
    insideMember = true;
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
    inputPosition = inputEnd - inflater.getRemaining();
    long expectedChecksum = littleEndian();
    long expectedLength = littleEndian();
    if (expectedChecksum != checksum.getValue()) {
      throw new ZipException("wrong checksum of the gzip data");
    }
    if (expectedLength != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
      throw new ZipException("wrong length of the gzip data");
    }
    insideMember = false;
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
    if (inputPosition == inputEnd) {
      fill();
    }
    return input[inputPosition++] & 0xFF;
  }

  private void fill() throws IOException {
    if (!refill()) {
      throw new EOFException("gzip data is cut off");
    }
  }

  private boolean refill() throws IOException {
    inputPosition = 0;
    inputEnd = Math.max(0, source.read(input, 0, input.length));
    return inputEnd > 0;
  }
}
