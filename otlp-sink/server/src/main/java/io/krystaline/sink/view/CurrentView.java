package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an operation does at the moment, beside its baseline.
 *
 * @param ratePerSecond spans per second of late
 * @param meanMillis mean duration of late; null where nothing was seen
 * @param p95Millis 95th percentile of late; null where nothing was seen
 * @param state {@code above} or {@code below} when the mean of late is more than half a standard
 *     deviation from what this hour expects, {@code normal} within it, {@code unknown} without
 *     spans of late or without a baseline
 * @param trend {@code rising} or {@code falling} when the newer half of late differs from the older
 *     by more than a tenth, {@code steady} within it, {@code unknown} without enough spans
 * @param lastSeen when its last span came in; null where none did since the start
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record CurrentView(
    double ratePerSecond,
    @Nullable Double meanMillis,
    @Nullable Double p95Millis,
    String state,
    String trend,
    @Nullable Instant lastSeen) {}
