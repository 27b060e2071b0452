/**
 * Brings what the scoring threads have learned into the store, every few seconds and at shutdown.
 * {@link io.krystaline.sink.checkpoint.Checkpoint} does it; {@link
 * io.krystaline.sink.checkpoint.ServiceWindows} keeps what passed by of late for the API. Imports
 * the engine, {@code store} and the platform; knows no transport.
 */
@NullMarked
package io.krystaline.sink.checkpoint;

import org.jspecify.annotations.NullMarked;
