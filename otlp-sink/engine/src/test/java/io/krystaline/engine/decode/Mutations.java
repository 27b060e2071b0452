package io.krystaline.engine.decode;

import java.util.Arrays;
import java.util.Random;

/** Damages serialized messages in the ways that wires and hostile senders do. */
final class Mutations {
  private static final byte[][] FRAGMENTS = {
    {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f},
    {
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      0x01
    },
    {(byte) 0x80, 0x00},
    {0x0b, 0x0c},
    {0x13, 0x13, 0x14, 0x14},
    {0x0a, 0x00},
    {0x2a, 0x02, (byte) 0xc0, (byte) 0x80},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {(byte) 0x8a, (byte) 0x80, (byte) 0x80, 0x00},
    {0x7a, 0x02, 0x18, 0x02},
    {
      0x30,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      0x01
    },
  };

  private final Random random;

  Mutations(Random random) {
    this.random = random;
  }

  /** One to four damages. */
  byte[] mutate(byte[] message, byte[] other) {
    byte[] bytes = message;
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes = one(bytes, other);
    }
    return bytes;
  }

  private byte[] one(byte[] bytes, byte[] other) {
    if (bytes.length == 0) {
      return other.clone();
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(8)) {
      case 0 -> {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> splice(bytes, at, other, random.nextInt(other.length + 1));
      case 3 -> {
        byte[] edited = bytes.clone();
        edited[at] = (byte) (edited[at] + (random.nextBoolean() ? 1 : -1));
        yield edited;
      }
      case 4 -> {
        byte[] set = bytes.clone();
        set[at] = (byte) random.nextInt(256);
        yield set;
      }
      case 5 -> insert(bytes, at, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
      case 6 -> insert(bytes, bytes.length, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
      default -> insert(bytes, at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 9)));
    };
  }

  private static byte[] splice(byte[] head, int headLength, byte[] tail, int tailFrom) {
    byte[] spliced = Arrays.copyOf(head, headLength + tail.length - tailFrom);
    System.arraycopy(tail, tailFrom, spliced, headLength, tail.length - tailFrom);
    return spliced;
  }

  private static byte[] insert(byte[] bytes, int at, byte[] fragment) {
    byte[] inserted = new byte[bytes.length + fragment.length];
    System.arraycopy(bytes, 0, inserted, 0, at);
    System.arraycopy(fragment, 0, inserted, at, fragment.length);
    System.arraycopy(bytes, at, inserted, at + fragment.length, bytes.length - at);
    return inserted;
  }
}
