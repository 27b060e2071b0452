package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What an operation normally does in one hour of the week: the figures that a span of that hour is
 * compared with.
 *
 * @param day {@code MONDAY} to {@code SUNDAY}
 * @param hour 0 to 23
 * @param ownSamples spans that were seen in this very hour of the week
 * @param level where the figures come from: {@code hourOfWeek} (its own), else the first that has
 *     enough samples of {@code hourOfDay}, {@code dayOfWeek}, {@code global}; {@code learning}
 *     where none has, and then there are no figures
 * @param samples number of spans behind the figures
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record HourBucketView(
    String day,
    int hour,
    long ownSamples,
    String level,
    long samples,
    @Nullable Double meanMillis,
    @Nullable Double stdDevMillis,
    @Nullable Double minMillis,
    @Nullable Double maxMillis,
    @Nullable Double p50Millis,
    @Nullable Double p95Millis,
    @Nullable Double p99Millis) {}
