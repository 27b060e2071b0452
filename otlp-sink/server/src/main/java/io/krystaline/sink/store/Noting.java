package io.krystaline.sink.store;

/** What became of a note on an incident. */
public enum Noting {
  WRITTEN,
  /** There is no such incident. */
  UNKNOWN,
  /** The incident's log is full. */
  FULL
}
