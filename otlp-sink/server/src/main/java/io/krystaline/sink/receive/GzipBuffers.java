package io.krystaline.sink.receive;

import io.krystaline.engine.inflate.DeflateDecoder;
import java.io.IOException;
import java.io.InputStream;

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

  private static final byte[] INPUT_SLACK = new byte[DeflateDecoder.INPUT_SLACK];

  private final DeflateDecoder decoder = new DeflateDecoder();
  private final byte[] window = new byte[WINDOW_BYTES + DeflateDecoder.OUTPUT_SLACK];
  private final ReceiveBuffer input;
  private int inputEnd;

  /**
   * Buffers that hold nothing.
   *
   * @param messageBytesMax limit of a message as it is received
   */
  GzipBuffers(int messageBytesMax) {
    input = new ReceiveBuffer(Math.addExact(messageBytesMax, INPUT_SLACK.length));
  }

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

  /** Has {@link DeflateDecoder#INPUT_SLACK} bytes behind {@link #inputEnd}. */
  byte[] input() {
    return input.array();
  }

  int inputEnd() {
    return inputEnd;
  }

  /** Reads all of a message; one that was there before is forgotten. */
  void readFrom(InputStream source) throws IOException {
    reset();
    input.readFrom(source);
    inputEnd = input.length();
    input.write(INPUT_SLACK, 0, INPUT_SLACK.length);
  }

  /** Forgets the message, and lets go of the memory that a great one took. */
  void reset() {
    inputEnd = 0;
    input.reset(KEPT_INPUT_BYTES_MAX);
  }
}
