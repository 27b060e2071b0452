package io.krystaline.engine.decode;

/** What a {@link SignalCounter} found in one message. */
public sealed interface CountResult {

  /**
   * The message is well-formed.
   *
   * @param items how many data points, log records or spans it holds, 0 or more
   */
  record Counted(long items) implements CountResult {
    public Counted {
      if (items < 0) {
        throw new IllegalArgumentException("a count is not negative: " + items);
      }
    }
  }

  /**
   * The message is no OTLP message of this signal.
   *
   * @param message a short English reason with the position, without any of the sender's data
   */
  record Malformed(String message) implements CountResult {}
}
