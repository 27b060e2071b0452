/**
 * Makes incidents durable: what the detecting thread reports is queued, committed on a thread of
 * its own, and only then told to the live feed and the notifiers. Imports {@code engine.incident},
 * {@code sink.store} and the platform; no SQL, no HTTP.
 */
@NullMarked
package io.krystaline.sink.incident;

import org.jspecify.annotations.NullMarked;
