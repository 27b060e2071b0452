package io.krystaline.bench.load;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Spans of operations that nobody has seen before, one a message, as systems send them that write
 * ids into names. Without end.
 */
public final class NewOperations implements MessageSource {
  private static final int SERVICES = 20;
  private static final int SERVER = 2;
  private static final Duration SPAN = Duration.ofMillis(3);

  private final EventClock clock;
  private final RandomGenerator random;
  private final AtomicLong taken = new AtomicLong();

  /**
   * A source that has given none yet.
   *
   * @param random safe on every thread
   */
  public NewOperations(EventClock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Optional<Message> take() {
    long number = taken.incrementAndGet();
    SingleSpan.Of operation =
        new SingleSpan.Of("service-" + number % SERVICES, "GET /once/" + number, SERVER);
    return Optional.of(SingleSpan.ending(operation, clock.nanos(), SPAN, random));
  }

  @Override
  public void release(Message message) {}
}
