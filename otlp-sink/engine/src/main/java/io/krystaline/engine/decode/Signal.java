package io.krystaline.engine.decode;

/** The three kinds of OTLP messages that a receiver takes. */
public enum Signal {
  TRACES,
  METRICS,
  LOGS
}
