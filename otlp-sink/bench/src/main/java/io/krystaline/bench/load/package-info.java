/**
 * What is sent: {@link io.krystaline.bench.load.Topology} and {@link
 * io.krystaline.bench.load.TraceGenerator} make realistic traces, {@link
 * io.krystaline.bench.load.BatchPool} holds them encoded and gives each batch fresh ids and times
 * for each time that it is sent. Imports protobuf, compression libraries, and the decoder of the
 * engine, for recordings in JSON.
 */
@NullMarked
package io.krystaline.bench.load;

import org.jspecify.annotations.NullMarked;
