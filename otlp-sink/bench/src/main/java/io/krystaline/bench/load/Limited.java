package io.krystaline.bench.load;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The messages of another source, until so many spans were taken of all that share the limit. */
public final class Limited implements MessageSource {
  private final MessageSource source;
  private final AtomicLong spansLeft;

  private Limited(MessageSource source, AtomicLong spansLeft) {
    this.source = source;
    this.spansLeft = spansLeft;
  }

  /** The sources with one limit together; the last message of each may pass it. */
  public static List<Limited> all(List<? extends MessageSource> sources, long spans) {
    AtomicLong left = new AtomicLong(spans);
    return sources.stream().map(source -> new Limited(source, left)).toList();
  }

  @Override
  public Optional<Message> take() {
    if (spansLeft.get() <= 0) {
      return Optional.empty();
    }
    Optional<Message> taken = source.take();
    taken.ifPresent(message -> spansLeft.addAndGet(-message.spans()));
    return taken;
  }

  @Override
  public void release(Message message) {
    source.release(message);
  }
}
