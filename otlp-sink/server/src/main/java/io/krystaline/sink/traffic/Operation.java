package io.krystaline.sink.traffic;

import java.util.ArrayList;
import java.util.List;

/**
 * An operation of a service: how long it works itself, how often it fails, whom it calls.
 *
 * <p>Work is log-normal; a small share of it is multiplied by a Pareto variable of at least 2. The
 * calls are added while the topology is built and not changed afterwards.
 */
final class Operation {
  private final int service;
  private final String name;
  private final double selfMillis;
  private final double sigma;
  private final double tailShare;
  private final double tailIndex;
  private final double errorRate;
  private final boolean server;
  private final EncodedFields fields;
  private final List<Call> calls = new ArrayList<>();

  Operation(
      int service,
      String name,
      boolean server,
      double selfMillis,
      double sigma,
      double tailShare,
      double tailIndex,
      double errorRate,
      EncodedFields fields) {
    this.service = service;
    this.name = name;
    this.server = server;
    this.selfMillis = selfMillis;
    this.sigma = sigma;
    this.tailShare = tailShare;
    this.tailIndex = tailIndex;
    this.errorRate = errorRate;
    this.fields = fields;
  }

  int service() {
    return service;
  }

  String name() {
    return name;
  }

  /** Whether its span is a server's; else a consumer's. */
  boolean server() {
    return server;
  }

  /** Median of its own work. */
  double selfMillis() {
    return selfMillis;
  }

  /** Standard deviation of the logarithm of its own work. */
  double sigma() {
    return sigma;
  }

  /** Share of the spans that lie in the Pareto tail. */
  double tailShare() {
    return tailShare;
  }

  /** Index of the Pareto tail: the smaller, the heavier. */
  double tailIndex() {
    return tailIndex;
  }

  /** Share of the spans that fail by themselves. */
  double errorRate() {
    return errorRate;
  }

  /** Encoded name, kind and attributes of its span. */
  EncodedFields fields() {
    return fields;
  }

  List<Call> calls() {
    return calls;
  }
}
