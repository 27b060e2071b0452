package io.krystaline.engine.release;

import io.krystaline.engine.assemble.AssembledSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One version of a service, as long as it is remembered. Owned by one thread. */
final class TrackedVersion {
  Release release;
  final int service;
  final long firstTick;
  long lastTick;
  long spans;
  private long tickSpans;

  /** Ticks in which the service showed and this version did not, in a row. */
  int absentTicks;

  /** Null where it is only counted: gone, or one of too many at once. */
  @Nullable VersionTally tally;

  /** Null where it is not compared. */
  @Nullable Trial trial;

  /** What the service's spans are held against; its own where it is the old version. */
  @Nullable VersionTally old;

  boolean wasEstablished;
  @Nullable String previousVersion;
  Verdict verdict = Verdict.NOT_JUDGED;
  long sinceTick;
  List<ReleaseState.Reason> reasons = List.of();

  TrackedVersion(Release release, int service, long tick) {
    this.release = release;
    this.service = service;
    this.firstTick = tick;
    this.lastTick = tick;
    this.sinceTick = tick;
  }

  void observe(AssembledSpan span) {
    tickSpans++;
    VersionTally own = tally;
    VersionTally against = old;
    if (own == null || against == null) {
      return;
    }
    OperationTally operation = own.tally(span.operation());
    if (operation == null) {
      return;
    }
    OperationTally before = own == against ? operation : against.find(span.operation());
    operation.observe(
        span.exclusiveNanos(),
        span.failed() && span.failedChildren() == 0,
        before == null ? operation : before,
        trial != null,
        span.traceIdHigh(),
        span.traceIdLow());
  }

  boolean showedInTick() {
    return tickSpans > 0;
  }

  /** Ends the tick. */
  void closeTick(long tick, boolean serviceShowed) {
    if (tickSpans > 0) {
      spans += tickSpans;
      lastTick = tick;
      absentTicks = 0;
      tickSpans = 0;
    } else if (serviceShowed) {
      absentTicks++;
    }
  }

  /** Forgets what is under way: the stream has ended. */
  void endStream() {
    tickSpans = 0;
    absentTicks = 0;
    trial = null;
    if (tally != null) {
      tally.endStream();
    }
  }
}
