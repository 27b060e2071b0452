package io.krystaline.sink.peers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The collector project's own load generator: a load that no one here wrote. */
final class Telemetrygen {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int CHILD_SPANS = 4;

  private Telemetrygen() {}

  /**
   * Sends traces of five spans over OTLP/gRPC and returns when all were answered.
   *
   * @param options further options of the command line
   * @return how many spans were sent
   */
  static long send(Path folder, int grpcPort, int traces, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Peer.TELEMETRYGEN.require().toString(),
                "traces",
                "--otlp-insecure",
                "--otlp-endpoint=127.0.0.1:" + grpcPort,
                "--traces=" + traces,
                "--child-spans=" + CHILD_SPANS,
                "--rate=0",
                // Batching, it drops what its own queue of 2,048 cannot hold, and says nothing.
                "--batch=false",
                "--workers=1"));
    command.addAll(List.of(options));
    PeerProcess.run("telemetrygen", folder, Map.of(), LIMIT, command);
    return (long) traces * (1 + CHILD_SPANS);
  }
}
