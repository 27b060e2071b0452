package io.krystaline.bench.load;

import java.util.Optional;

/** Where messages of one connection come from. Safe on every thread. */
public interface MessageSource {
  /** The next message, never sent before; empty when there is no more. */
  Optional<Message> take();

  /** Gives a message back once its answer has come. */
  void release(Message message);
}
