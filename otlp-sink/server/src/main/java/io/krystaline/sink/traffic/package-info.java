/**
 * Simulated traffic of a shop: {@link io.krystaline.sink.traffic.TrafficGenerator} streams the
 * spans of seeded traces in event time as OTLP messages, with the {@link
 * io.krystaline.sink.traffic.Fault}s of a plan worked into them. {@code Topology} is who calls
 * whom, {@code Conditions} what the season, noise and faults do to it, {@code TraceSimulation}
 * walks one trace, {@code OutgoingSpans} batches and encodes. Pure: imports the JDK only.
 */
@NullMarked
package io.krystaline.sink.traffic;

import org.jspecify.annotations.NullMarked;
