/**
 * From received bytes to durable anomalies. {@link io.krystaline.sink.pipeline.Ingest} takes a
 * message, its {@link io.krystaline.sink.pipeline.Lane} decodes and scores it in place, {@link
 * io.krystaline.sink.pipeline.AnomalyWriter} commits what was marked, {@link
 * io.krystaline.sink.pipeline.TraceCapture} gathers the rest of the marked traces from the {@link
 * io.krystaline.sink.pipeline.SpanRing} of each lane. Imports the engine and {@code store}; knows
 * no transport.
 */
@NullMarked
package io.krystaline.sink.pipeline;

import org.jspecify.annotations.NullMarked;
