package io.krystaline.bench;

import io.krystaline.bench.load.Compression;
import io.krystaline.bench.load.LoadShape;
import io.krystaline.bench.measure.SinkReceiver;
import io.krystaline.bench.send.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be measured, and how.
 *
 * @param shape the simulated system
 * @param recording what is sent instead of simulated traffic
 * @param memoryOperations two numbers of operations between which memory is compared; empty for
 *     rounds
 * @param soakIntervals how many intervals the sink is worn out for; 0 for rounds
 * @param protocol how messages go over the wire
 * @param compression how messages are compressed
 * @param connections how many connections send
 * @param inFlight messages that may be under way on each
 * @param spansPerSecond the rate; 0 for as fast as answers come
 * @param duration how long a round sends
 * @param rounds how many rounds count
 * @param warmUp how long is sent before the first of them
 * @param taughtSpansPerOperation spans of each operation, on average, that a fresh sink learns from
 *     before the warm-up; 0 teaches nothing
 * @param compressedSpans spans that are compressed before a round, which ends with them
 * @param probeInterval how often a sure anomaly is sent; zero for never
 * @param target a sink that runs already; empty to start one
 * @param sinkSettings settings of the sink that is started
 * @param sinkJavaOptions options of its JVM
 * @param against what the sink is held against; empty for nothing
 * @param json where the figures are written
 */
record BenchSettings(
    LoadShape shape,
    Optional<Path> recording,
    List<Integer> memoryOperations,
    int soakIntervals,
    Protocol protocol,
    Compression compression,
    int connections,
    int inFlight,
    double spansPerSecond,
    Duration duration,
    int rounds,
    Duration warmUp,
    int taughtSpansPerOperation,
    long compressedSpans,
    Duration probeInterval,
    Optional<SinkReceiver.Place> target,
    Map<String, String> sinkSettings,
    Optional<String> sinkJavaOptions,
    Optional<Opponent> against,
    Optional<Path> json) {
  /** What a sink can be held against. */
  sealed interface Opponent {
    /**
     * The reference receiver of this module.
     *
     * @param executor {@code direct} or {@code pool}
     * @param javaOptions options of its JVM
     */
    record Reference(String executor, String javaOptions) implements Opponent {}

    /**
     * Any program that takes OTLP.
     *
     * @param command starts it
     * @param port where it takes OTLP
     */
    record Program(String command, int port) implements Opponent {}
  }

  BenchSettings {
    if (protocol != Protocol.GRPC && compression == Compression.SNAPPY) {
      throw new IllegalArgumentException("snappy goes over gRPC only");
    }
    if (protocol != Protocol.GRPC
        && against.filter(Opponent.Reference.class::isInstance).isPresent()) {
      throw new IllegalArgumentException("the reference takes gRPC only");
    }
    within("connections", connections, 1, 1_000);
    within("inFlight", inFlight, 1, 10_000);
    within("rounds", rounds, 1, 1_000);
    if (soakIntervals != 0) {
      within("soakIntervals", soakIntervals, 4, 100_000);
      if (target.isPresent() || against.isPresent()) {
        throw new IllegalArgumentException("a soak starts a sink of its own, and only that");
      }
    }
    within("taughtSpansPerOperation", taughtSpansPerOperation, 0, 1_000_000);
    within("compressedSpans", compressedSpans, 1, 1_000_000_000);
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("duration is " + duration);
    }
    if (warmUp.isNegative() || probeInterval.isNegative()) {
      throw new IllegalArgumentException("warmUp and probeInterval are 0 or more");
    }
    sinkSettings = Map.copyOf(sinkSettings);
    memoryOperations = List.copyOf(memoryOperations);
    if (!memoryOperations.isEmpty()
        && (memoryOperations.size() != 2 || memoryOperations.get(0) >= memoryOperations.get(1))) {
      throw new IllegalArgumentException(
          "memory is compared between two numbers, the less one first, not " + memoryOperations);
    }
  }

  private static void within(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", " + least + " to " + most + " is allowed");
    }
  }
}
