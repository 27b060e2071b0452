package io.krystaline.sink.checkpoint;

import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Teaches operations what spans would teach them. */
public final class Teaching {
  private Teaching() {}

  /** Spans of an operation that all start and arrive at one time, with these durations. */
  public static void teach(
      OperationDirectory directory, OperationKey key, Instant time, long... durationsMillis) {
    long[] nanos = new long[durationsMillis.length];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = TimeUnit.MILLISECONDS.toNanos(durationsMillis[i]);
    }
    long timeNanos = TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    directory
        .operation(key)
        .learn(HourSlice.epochHourOf(timeNanos), nanos, 0, nanos.length, 1, timeNanos, timeNanos);
  }

  /** As many durations as asked for, spread evenly from 90 to 110 ms. */
  public static long[] around100(int count) {
    long[] millis = new long[count];
    for (int i = 0; i < count; i++) {
      millis[i] = 90L + i % 21;
    }
    return millis;
  }
}
