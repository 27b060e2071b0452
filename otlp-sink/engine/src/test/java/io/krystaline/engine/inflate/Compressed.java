package io.krystaline.engine.inflate;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Random plain bytes of many shapes, and the JDK's zlib, which compresses and decompresses them.
 */
final class Compressed {
  private static final int[] STRATEGIES = {
    Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY
  };

  private Compressed() {}

  /** Bytes as unlike as can be, or of few values, or in runs, or with repeats far apart. */
  static byte[] plain(Random random, int lengthMax) {
    byte[] bytes = new byte[random.nextInt(lengthMax)];
    int values = 1 + random.nextInt(256);
    boolean isSkewed = random.nextBoolean();
    int position = 0;
    while (position < bytes.length) {
      int length = Math.min(bytes.length - position, 1 + random.nextInt(400));
      int kind = random.nextInt(3);
      for (int end = position + length; position < end; position++) {
        if (kind == 0 && position > 0) {
          int distance = 1 + Math.min(position - 1, (length * 7919) % 40_000);
          bytes[position] = bytes[position - distance];
        } else if (isSkewed) {
          bytes[position] = (byte) Math.min(values, -Math.log(random.nextDouble()) * 12);
        } else {
          bytes[position] = (byte) random.nextInt(values);
        }
      }
    }
    return bytes;
  }

  /** Deflate data of some level and strategy, in one or more blocks. */
  static byte[] deflate(Random random, byte[] plain) {
    int strategy = STRATEGIES[random.nextInt(STRATEGIES.length)];
    int flushedBytes = random.nextInt(4) == 0 ? random.nextInt(plain.length + 1) : 0;
    return deflate(plain, random.nextInt(10), strategy, flushedBytes);
  }

  /**
   * Deflate data.
   *
   * @param flushedBytes after so many a block ends and another begins
   */
  static byte[] deflate(byte[] plain, int level, int strategy, int flushedBytes) {
    Deflater deflater = new Deflater(level, true);
    deflater.setStrategy(strategy);
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    deflater.setInput(plain, 0, flushedBytes);
    drain(deflater, target, Deflater.FULL_FLUSH);
    deflater.setInput(plain, flushedBytes, plain.length - flushedBytes);
    deflater.finish();
    drain(deflater, target, Deflater.NO_FLUSH);
    deflater.end();
    return target.toByteArray();
  }

  /**
   * What zlib makes of some data.
   *
   * @param plainMax zlib is not asked for more
   * @throws DataFormatException if zlib refuses them or they are cut off
   */
  static Plain inflate(byte[] data, int plainMax) throws DataFormatException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(data);
      ByteArrayOutputStream target = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      while (!inflater.finished() && target.size() <= plainMax) {
        int length = inflater.inflate(buffer);
        target.write(buffer, 0, length);
        if (length == 0 && !inflater.finished()) {
          throw new DataFormatException("cut off");
        }
      }
      return new Plain(
          target.toByteArray(), data.length - inflater.getRemaining(), inflater.finished());
    } finally {
      inflater.end();
    }
  }

  /** The first call only sets the strategy, and may give nothing. */
  private static void drain(Deflater deflater, ByteArrayOutputStream target, int flush) {
    byte[] buffer = new byte[4096];
    boolean isDone;
    int length;
    do {
      length = deflater.deflate(buffer, 0, buffer.length, flush);
      target.write(buffer, 0, length);
      isDone = flush == Deflater.NO_FLUSH ? deflater.finished() : deflater.needsInput();
    } while (length > 0 || !isDone);
  }

  /** Decoded bytes, how many of the data's bytes they took, and whether these were all. */
  @SuppressWarnings("ArrayRecordComponent") // Its parts are compared, never the whole.
  record Plain(byte[] bytes, int taken, boolean isWhole) {}
}
