package io.krystaline.engine.detect;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.TraceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream's alarm, as it stood when it was raised or looked at.
 *
 * @param onsetTick first tick of the run that led to it
 * @param tick the tick of the alarm
 * @param spans observations in the run
 * @param hits those beyond each of the three levels
 * @param level the level that stands out most
 * @param nats how strong it has been: the greatest that one of the test's sums would have been
 *     without its cap, since the run began
 * @param threshold the sum at which it alarms
 * @param operations the operations that carry the evidence, the most first
 * @param unusualTraces traces with unusual observations
 * @param normalTraces traces with normal ones
 * @param text one sentence for a person; null where the numbers alone give it
 */
public record StreamAlarm(
    int service,
    Channel channel,
    long onsetTick,
    long tick,
    long spans,
    List<Long> hits,
    double level,
    double nats,
    double threshold,
    List<OperationKey> operations,
    List<TraceId> unusualTraces,
    List<TraceId> normalTraces,
    @Nullable String text) {
  public StreamAlarm {
    hits = List.copyOf(hits);
    operations = List.copyOf(operations);
    unusualTraces = List.copyOf(unusualTraces);
    normalTraces = List.copyOf(normalTraces);
  }

  /** An alarm whose numbers say all. */
  public StreamAlarm(
      int service,
      Channel channel,
      long onsetTick,
      long tick,
      long spans,
      List<Long> hits,
      double level,
      double nats,
      double threshold,
      List<OperationKey> operations,
      List<TraceId> unusualTraces,
      List<TraceId> normalTraces) {
    this(
        service,
        channel,
        onsetTick,
        tick,
        spans,
        hits,
        level,
        nats,
        threshold,
        operations,
        unusualTraces,
        normalTraces,
        null);
  }

  /** The same, as if it had been raised with another tick. */
  StreamAlarm raisedAt(long other) {
    return new StreamAlarm(
        service,
        channel,
        onsetTick,
        other,
        spans,
        hits,
        level,
        nats,
        threshold,
        operations,
        unusualTraces,
        normalTraces,
        text);
  }

  /** Observations beyond the level that stands out most. */
  public long exceeding() {
    return hits.get(level == 0.1 ? 0 : level == 0.01 ? 1 : 2);
  }
}
