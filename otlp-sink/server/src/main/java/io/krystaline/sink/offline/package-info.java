/**
 * The engine without a network: {@link io.krystaline.sink.offline.Recording} reads recorded OTLP,
 * {@code ScoreRun} scores it in event time, {@code Backfill} teaches a store from recordings or
 * from Jaeger. Imports the engine, {@code store}, {@code view} and {@code recalculate}.
 */
@NullMarked
package io.krystaline.sink.offline;

import org.jspecify.annotations.NullMarked;
