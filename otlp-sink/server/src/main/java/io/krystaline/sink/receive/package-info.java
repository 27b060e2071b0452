/**
 * Where OTLP comes in: {@link io.krystaline.sink.receive.GrpcReceiver} and {@link
 * io.krystaline.sink.receive.HttpReceiver} read requests off the wire, hand their protobuf bytes to
 * the {@code pipeline} on the event loop, and turn its answer into what the protocol asks for.
 * Metrics and logs are checked and counted only. Imports gRPC, Netty, protobuf's status types, the
 * engine's decoders, {@code pipeline}, and {@code platform}.
 */
@NullMarked
package io.krystaline.sink.receive;

import org.jspecify.annotations.NullMarked;
