package io.krystaline.sink.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ports that nobody listened on a moment ago, for programs that cannot choose one themselves. They
 * lie below the range from which systems give outgoing connections their ports, so that no
 * connection takes one before the program listens on it.
 */
final class FreePorts {
  private static final Logger logger = LoggerFactory.getLogger(FreePorts.class);
  private static final int LOWEST = 15_000;
  private static final int LOWEST_EPHEMERAL = 32_768;
  private static final int TRIES_MAX = 1_000;

  private FreePorts() {}

  /** Different free ports on loopback, held together while they are chosen. */
  static int[] take(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int tries = 0; held.size() < count && tries < TRIES_MAX; tries++) {
        tryHold(ThreadLocalRandom.current().nextInt(LOWEST, LOWEST_EPHEMERAL), held);
      }
      if (held.size() < count) {
        throw new IllegalStateException("no " + count + " free ports from " + LOWEST);
      }
      return held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
    } finally {
      held.forEach(FreePorts::release);
    }
  }

  /** Holds a port unless somebody listens there already; the caller then tries another. */
  private static void tryHold(int port, List<ServerSocket> held) {
    try {
      held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
    } catch (BindException taken) {
      logger.debug("port {} is taken", port);
    } catch (IOException e) {
      throw new UncheckedIOException("port " + port, e);
    }
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("port " + socket.getLocalPort() + " stays taken", e);
    }
  }
}
