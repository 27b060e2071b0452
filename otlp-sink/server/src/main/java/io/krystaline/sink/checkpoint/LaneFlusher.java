package io.krystaline.sink.checkpoint;

/** Makes the scoring threads hand over what they have learned and still keep to themselves. */
@FunctionalInterface
public interface LaneFlusher {
  /** Where nothing is kept back. */
  LaneFlusher NONE = (from, until) -> {};

  /**
   * Returns when every scoring thread has taught some operations all that it has seen of them.
   *
   * @param from the least of their indexes
   * @param until one beyond the greatest
   */
  void flush(int from, int until);
}
