package io.krystaline.sink.store;

/** The answer to the wish to begin a recalculation. */
public sealed interface RecalculationStart {
  /** The run, which was begun, or which is in the way. */
  RecalculationRun run();

  /** The run has begun; whoever asked now does it. */
  record Started(RecalculationRun run) implements RecalculationStart {}

  /** Another run is under way, perhaps in another process on the same database. */
  record AlreadyRunning(RecalculationRun run) implements RecalculationStart {}
}
