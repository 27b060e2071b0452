package io.krystaline.engine.detect;

/**
 * The three levels at which unusual observations are counted: by definition a tenth, a hundredth
 * and a thousandth of normal observations lie beyond them. An index runs from 0 to 2 in that order.
 */
final class Levels {
  static final int COUNT = 3;

  private Levels() {}

  static double of(int index) {
    return switch (index) {
      case 0 -> 0.1;
      case 1 -> 0.01;
      default -> 0.001;
    };
  }
}
