package io.krystaline.sink.traffic;

/**
 * Random numbers that are a function of their place: noise at a time can be asked for in any order
 * and is always the same. The mixer is the finaliser of SplitMix64.
 */
final class Hashing {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double TO_UNIT = 0x1p-53;

  private Hashing() {}

  static long mix(long seed, long a, long b) {
    return mix(mix(seed + GOLDEN * (a + 1)) + GOLDEN * (b + 1));
  }

  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0, 1). */
  static double unit(long hash) {
    return (hash >>> 11) * TO_UNIT;
  }

  /** About normal: the sum of four uniforms, scaled to variance 1. */
  static double normal(long hash) {
    double sum = (hash & 0xFFFF) + (hash >>> 16 & 0xFFFF) + (hash >>> 32 & 0xFFFF) + (hash >>> 48);
    return (sum / 65_536 - 2) * Math.sqrt(3);
  }

  /**
   * Smooth noise of variance about 1/2 to 1: normal values at the multiples of {@code period},
   * joined by half cosines.
   */
  static double smooth(long seed, long at, long period) {
    long knot = Math.floorDiv(at, period);
    double within = Math.floorMod(at, period) / (double) period;
    double weight = (1 - Math.cos(Math.PI * within)) / 2;
    return normal(mix(seed, knot, 0)) * (1 - weight) + normal(mix(seed, knot + 1, 0)) * weight;
  }
}
