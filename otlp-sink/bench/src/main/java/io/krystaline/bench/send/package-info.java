/**
 * How it is sent: an {@link io.krystaline.bench.send.Exporter} carries messages to a receiver, a
 * {@link io.krystaline.bench.send.LoadRun} keeps it busy or to a rate, and counts and times the
 * answers. Imports {@code load}, gRPC and HdrHistogram.
 */
@NullMarked
package io.krystaline.bench.send;

import org.jspecify.annotations.NullMarked;
