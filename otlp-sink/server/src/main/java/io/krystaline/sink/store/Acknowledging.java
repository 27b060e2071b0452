package io.krystaline.sink.store;

/** The answer to the wish to acknowledge an incident. */
public sealed interface Acknowledging {
  /** It is acknowledged now. */
  record Done(StoredIncident incident) implements Acknowledging {}

  /** Somebody did it before. */
  record AlreadyDone(Acknowledgement acknowledgement) implements Acknowledging {}

  /** There is no such incident. */
  record Unknown() implements Acknowledging {}
}
