/**
 * What a service tells about itself. {@link io.krystaline.platform.telemetry.Telemetry} owns the
 * OpenTelemetry SDK, {@link io.krystaline.platform.telemetry.Metrics} registers instruments, among
 * them {@link io.krystaline.platform.telemetry.Tally}, a counter for hot paths, {@link
 * io.krystaline.platform.telemetry.MetricsPage} renders {@code /metrics}, and {@link
 * io.krystaline.platform.telemetry.LogOutput} writes logs to the standard error. Imports the JDK,
 * OpenTelemetry, Prometheus' text format, Logback, Jackson's generator, and the room {@code
 * config}.
 */
@NullMarked
package io.krystaline.platform.telemetry;

import org.jspecify.annotations.NullMarked;
