/**
 * What a sink is held against: {@link io.krystaline.bench.reference.ReferenceReceiver} takes OTLP
 * as most Java programs do, with the generated stub and protobuf objects, and keeps statistics per
 * operation in a map. Runs in a process of its own. Imports gRPC and the protocol only.
 */
@NullMarked
package io.krystaline.bench.reference;

import org.jspecify.annotations.NullMarked;
