package io.krystaline.sink.peers;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other processes bring about, by asking again and again until a limit. */
final class Eventually {
  private static final Duration PAUSE = Duration.ofMillis(25);

  private Eventually() {}

  /**
   * Returns once the condition holds.
   *
   * @throws AssertionError with {@code what} when the limit passes before
   */
  static void holds(Supplier<String> what, Duration limit, BooleanSupplier condition) {
    present(what, limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /** Returns the first value that the source gives. */
  static <T> T present(Supplier<String> what, Duration limit, Supplier<Optional<T>> source) {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> value = source.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new AssertionError("not within " + limit.toSeconds() + " s: " + what.get());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
