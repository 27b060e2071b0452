package io.krystaline.platform.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes values as JSON, one a line, in UTF-8. A value that cannot be written leaves no part of a
 * line behind. Used by one thread.
 */
public final class JsonLinesWriter implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ObjectMapper mapper;
  private final OutputStream out;
  private long lines;

  /**
   * Creates a writer that owns the stream.
   *
   * @param mapper that does not indent, such as {@link StrictJson#mapper()}
   */
  public JsonLinesWriter(ObjectMapper mapper, OutputStream out) {
    this.mapper = mapper;
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
  }

  /** Writes one line. It may stay in a buffer until {@link #flush} or {@link #close}. */
  public void write(Object value) throws IOException {
    byte[] line = mapper.writeValueAsBytes(value);
    out.write(line);
    out.write('\n');
    lines++;
  }

  /** How many lines were written. */
  public long lines() {
    return lines;
  }

  /** Hands everything written so far to the stream. */
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
