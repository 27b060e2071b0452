package io.krystaline.sink.receive;

import io.krystaline.engine.inflate.DeflateDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * What decompressing a gzip message needs: the message as it was received, and a window of what was
 * decoded last. Owned by one stream at a time.
 */
final class GzipBuffers {
  /** Decoded at a time, so that it is still in the fastest cache when it is read. */
  static final int PIECE_BYTES = 32 * 1024;

  /** The history is moved to the window's start once in so many bytes. */
  private static final int WINDOW_BYTES = 160 * 1024;

  /** What is kept for the next message; larger ones are seldom. */
  private static final int KEPT_INPUT_BYTES_MAX = 1024 * 1024;

  private static final int INITIAL_INPUT_BYTES = 128 * 1024;

  private final DeflateDecoder decoder = new DeflateDecoder();
  private final byte[] window = new byte[WINDOW_BYTES + DeflateDecoder.OUTPUT_SLACK];
  private byte[] input = new byte[INITIAL_INPUT_BYTES];
  private int inputEnd;

  DeflateDecoder decoder() {
    return decoder;
  }

  /** Has room for {@link DeflateDecoder#OUTPUT_SLACK} bytes beyond {@link #windowBytes}. */
  byte[] window() {
    return window;
  }

  int windowBytes() {
    return WINDOW_BYTES;
  }

  byte[] input() {
    return input;
  }

  int inputEnd() {
    return inputEnd;
  }

  /** Reads all of a message; the receiver has a limit for it. */
  void readFrom(InputStream source) throws IOException {
    inputEnd = 0;
    while (true) {
      int room = input.length - DeflateDecoder.INPUT_SLACK - inputEnd;
      if (room == 0) {
        input = Arrays.copyOf(input, Math.multiplyExact(2, input.length));
        continue;
      }
      int read = source.read(input, inputEnd, room);
      if (read < 0) {
        return;
      }
      inputEnd += read;
    }
  }

  /** Lets go of the memory that one great message took. */
  void shrink() {
    inputEnd = 0;
    if (input.length > KEPT_INPUT_BYTES_MAX) {
      input = new byte[INITIAL_INPUT_BYTES];
    }
  }
}
