/**
 * What the sink shows: records with exactly the names of the API's JSON, made from the engine's own
 * types. The API, the WebSocket and the files of the {@code score} command all write these, so that
 * an anomaly looks the same everywhere. {@link io.krystaline.sink.view.AnomalyView}, {@link
 * io.krystaline.sink.view.BaselineView} and {@link io.krystaline.sink.view.TraceView} are the main
 * ones. Imports the engine, the records of {@code store} and Jackson's annotations; no I/O.
 */
@NullMarked
package io.krystaline.sink.view;

import org.jspecify.annotations.NullMarked;
