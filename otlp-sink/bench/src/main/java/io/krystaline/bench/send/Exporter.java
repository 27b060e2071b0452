package io.krystaline.bench.send;

import io.krystaline.bench.load.Message;

/** Carries messages to one receiver over some connections. Safe on every thread. */
public interface Exporter extends AutoCloseable {
  /** Is told of an answer, once, on a thread of the connection; must not block. */
  @FunctionalInterface
  interface Reply {
    void onAnswer(Answer answer);
  }

  /** How many connections there are, numbered from 0. */
  int connections();

  /** Sends a message; its bytes must not change before the answer. */
  void send(int connection, Message message, Reply reply);

  @Override
  void close();
}
