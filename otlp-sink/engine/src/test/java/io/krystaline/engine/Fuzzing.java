package io.krystaline.engine;

import java.util.HexFormat;
import java.util.Random;

/** Runs a randomised check for a bounded time and names the seed of the round that fails. */
public final class Fuzzing {
  private static final long DEFAULT_SEED = 20261121;

  /** One round; everything random in it comes from the given source. */
  public interface Round {
    void run(Random random) throws Exception;
  }

  private Fuzzing() {}

  /**
   * Runs rounds for {@code -Dkrystaline.fuzz.seconds} (default 2) from the seed {@code
   * -Dkrystaline.fuzz.seed}.
   */
  public static void run(String name, Round round) throws Exception {
    long seconds = Long.getLong("krystaline.fuzz.seconds", 2);
    long firstSeed = Long.getLong("krystaline.fuzz.seed", DEFAULT_SEED);
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long seed = firstSeed;
    do {
      try {
        round.run(new Random(seed));
      } catch (Exception | AssertionError | StackOverflowError failure) {
        throw new AssertionError(
            name + " failed, run it again with -Dkrystaline.fuzz.seed=" + seed, failure);
      }
      seed++;
    } while (System.nanoTime() < end);
    System.out.println(
        name
            + ": "
            + (seed - firstSeed)
            + " rounds from seed "
            + firstSeed
            + " in "
            + seconds
            + " s");
  }

  /** The message in the middle of other bytes that would be taken for fields. */
  public static byte[] guarded(byte[] message, int before, int after) {
    byte[] bytes = new byte[before + message.length + after];
    java.util.Arrays.fill(bytes, (byte) 0x0a);
    System.arraycopy(message, 0, bytes, before, message.length);
    return bytes;
  }

  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
