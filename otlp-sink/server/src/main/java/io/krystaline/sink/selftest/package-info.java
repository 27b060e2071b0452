/**
 * Detection put to the test: {@link io.krystaline.sink.selftest.SelfTest} teaches a {@link
 * io.krystaline.sink.selftest.DetectorUnderTest} with a simulated day, lets it watch a {@code
 * FaultMatrix} and clean hours, and holds what it found against what was injected. Imports the
 * engine, {@code traffic} and {@code judge}; knows no detector.
 */
@NullMarked
package io.krystaline.sink.selftest;

import org.jspecify.annotations.NullMarked;
