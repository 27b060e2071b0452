/**
 * Detection in the running sink: {@link io.krystaline.sink.detect.LiveDetection} reads the lanes'
 * spans on a thread of its own and tells of incidents. Imports the engine, {@code pipeline} and the
 * platform's {@code telemetry}.
 */
@NullMarked
package io.krystaline.sink.detect;

import org.jspecify.annotations.NullMarked;
