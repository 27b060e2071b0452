/**
 * The sink among real peers: processes that no one here wrote send to it, stand before it or are
 * read by it.
 *
 * <p>{@link io.krystaline.sink.peers.Peer} finds the binaries that {@code
 * collector-config/build-peers} builds, {@link io.krystaline.sink.peers.PeerProcess} runs them, and
 * {@link io.krystaline.sink.peers.SinkProcess} runs the sink as its users do. Imports the JDK,
 * Jackson, JUnit, AssertJ and the OpenTelemetry SDK; nothing of the sink, which is spoken to over
 * its ports only, but for its room {@code notify}, which the test against Alertmanager gives
 * incidents to.
 */
@NullMarked
package io.krystaline.sink.peers;

import org.jspecify.annotations.NullMarked;
