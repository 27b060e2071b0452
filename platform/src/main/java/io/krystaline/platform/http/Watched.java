package io.krystaline.platform.http;

/** Something on a connection that {@link ConnectionWatch} keeps time for. On its event loop. */
interface Watched {
  /** Called at a steady pace. */
  void tick();

  /** The server drains: what has no request ends now, the others after their answer. */
  void drain();

  /** Bytes arrive after a time without any. */
  default void bytesArrive() {}
}
