package io.krystaline.bench.load;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time that spans are stamped with: the wall clock, ahead of it by what was skipped. A skip
 * makes a receiver that follows event time work off what it holds without waiting for it. Safe on
 * every thread.
 */
public final class EventClock {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final InstantSource wall;
  private final AtomicLong aheadNanos = new AtomicLong();

  /** A clock that has skipped nothing. */
  public EventClock(InstantSource wall) {
    this.wall = wall;
  }

  /** Nanoseconds since the epoch. */
  public long nanos() {
    Instant now = wall.instant();
    return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano() + aheadNanos.get();
  }

  /** Goes ahead at once by a time. */
  public void skip(Duration time) {
    aheadNanos.addAndGet(time.toNanos());
  }
}
