package io.krystaline.sink.checkpoint;

/** Makes the scoring threads hand over what they have learned and still keep to themselves. */
@FunctionalInterface
public interface LaneFlusher {
  /** Where nothing is kept back. */
  LaneFlusher NONE = () -> {};

  /** Returns when every scoring thread has taught its operations all that it has seen. */
  void flushAll();
}
