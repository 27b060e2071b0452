package io.krystaline.engine.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams of all services, made on first sight, for so many services. Owned by one thread. */
final class Streams implements Iterable<Stream> {
  private static final int CHANNELS = Channel.values().length;

  private final int servicesMax;
  private final List<Stream> streams = new ArrayList<>();
  private @Nullable Stream[] table = new Stream[CHANNELS * 16];
  private long refused;

  Streams(int servicesMax) {
    this.servicesMax = servicesMax;
  }

  /** Whether a service is watched. */
  boolean watches(int service) {
    return service < servicesMax;
  }

  /** A service's stream; null, and counted, where the service is beyond the limit. */
  @Nullable Stream find(int service, Channel channel) {
    if (!watches(service)) {
      refused++;
      return null;
    }
    int at = service * CHANNELS + channel.ordinal();
    if (at >= table.length) {
      table = Arrays.copyOf(table, Math.max(at + 1, table.length * 2));
    }
    Stream stream = table[at];
    if (stream == null) {
      stream = new Stream(streams.size(), service, channel);
      table[at] = stream;
      streams.add(stream);
    }
    return stream;
  }

  /** Streams with enough history to be tested. */
  int ready() {
    int ready = 0;
    for (Stream stream : streams) {
      ready += stream.isReady() ? 1 : 0;
    }
    return ready;
  }

  int alarmed() {
    int alarmed = 0;
    for (Stream stream : streams) {
      alarmed += stream.alarmed ? 1 : 0;
    }
    return alarmed;
  }

  int size() {
    return streams.size();
  }

  /** Observations of services beyond the limit. */
  long refused() {
    return refused;
  }

  /** In the order in which they were made. */
  @Override
  public Iterator<Stream> iterator() {
    return Collections.unmodifiableList(streams).iterator();
  }
}
