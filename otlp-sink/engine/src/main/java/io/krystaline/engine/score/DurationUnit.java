package io.krystaline.engine.score;

/** The units in which durations are written for a person. */
enum DurationUnit {
  NANOSECONDS("ns", 1),
  MICROSECONDS("µs", 1e3),
  MILLISECONDS("ms", 1e6),
  SECONDS("s", 1e9);

  private final String symbol;
  private final double nanos;

  DurationUnit(String symbol, double nanos) {
    this.symbol = symbol;
    this.nanos = nanos;
  }

  /** The unit in which a duration has one to three digits before the point, where there is one. */
  static DurationUnit of(double durationNanos) {
    if (durationNanos < 1e3) {
      return NANOSECONDS;
    }
    if (durationNanos < 1e6) {
      return MICROSECONDS;
    }
    return durationNanos < 1e9 ? MILLISECONDS : SECONDS;
  }

  /** A duration with its unit: the preferred one unless the figure would be of five digits. */
  static String text(double durationNanos, DurationUnit preferred) {
    DurationUnit unit = durationNanos / preferred.nanos < 10_000 ? preferred : of(durationNanos);
    return unit.format(durationNanos, 3) + ' ' + unit.symbol;
  }

  String symbol() {
    return symbol;
  }

  /** A duration in this unit with so many significant digits. */
  String format(double durationNanos, int digits) {
    return significant(durationNanos / nanos, digits);
  }

  /** A figure with so many significant digits, without an exponent: 89.0, 5.1, 1240, 0.052. */
  static String significant(double value, int digits) {
    double magnitude = Math.abs(value);
    if (magnitude == 0) {
      return "0";
    }
    int decimals = 0;
    double limit = Math.pow(10, digits - 1);
    double scaled = magnitude;
    while (decimals < 6 && scaled < limit) {
      scaled *= 10;
      decimals++;
    }
    if (magnitude >= 1e15) {
      return Double.toString(value);
    }
    long rounded = Math.round(scaled);
    long power = 1;
    for (int i = 0; i < decimals; i++) {
      power *= 10;
    }
    StringBuilder text = new StringBuilder(16);
    if (value < 0 && rounded != 0) {
      text.append('-');
    }
    text.append(rounded / power);
    if (decimals > 0) {
      text.append('.');
      String fraction = Long.toString(rounded % power);
      text.append("0".repeat(decimals - fraction.length()));
      text.append(fraction);
    }
    return text.toString();
  }
}
