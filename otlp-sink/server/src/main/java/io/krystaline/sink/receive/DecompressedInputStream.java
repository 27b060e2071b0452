package io.krystaline.sink.receive;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A decompressing stream that opens on its first read and tells every fault of the data as an
 * {@link IOException} with a text of our own.
 */
final class DecompressedInputStream extends InputStream {
  private final ContentCoding coding;
  private final InputStream source;
  private final Decompression decompression;
  private @Nullable InputStream opened;

  DecompressedInputStream(ContentCoding coding, InputStream source, Decompression decompression) {
    this.coding = coding;
    this.source = source;
    this.decompression = decompression;
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      InputStream stream = opened;
      if (stream == null) {
        stream = decompression.open(coding, source);
        opened = stream;
      }
      return stream.read(target, offset, length);
    } catch (IOException | RuntimeException e) {
      throw new IOException("the body is no valid " + coding.token() + " data", e);
    }
  }

  @Override
  public void close() throws IOException {
    InputStream stream = opened;
    if (stream != null) {
      stream.close();
    }
    source.close();
  }
}
