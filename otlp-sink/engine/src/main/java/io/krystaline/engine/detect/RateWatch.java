package io.krystaline.engine.detect;

import io.krystaline.engine.assemble.AssembledSpan;
import io.krystaline.engine.span.SpanKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what services are asked for, and compares it with the season. A surge is looked for in
 * each operation that is asked from outside (root spans), silence in all requests of a service.
 * Evidence is the Poisson log-likelihood ratio {@code n ln(n / expected) - n + expected}, where the
 * count is at least three times, or at most a tenth, of what the season explains; of a service's
 * operations the greatest counts. A service is not silent of its own where one of its callers is
 * silent too. Nothing is said without a season, nor across a gap of the whole stream. Owned by one
 * thread.
 */
final class RateWatch {
  static final int BLOCK_TICKS = 4;
  private static final double SURGE_FACTOR = 3;
  private static final double SURGE_EXPECTED_MIN = 1;
  private static final double SILENT_SHARE = 0.1;
  private static final double SILENT_EXPECTED_MIN = 4;
  private static final int SERVER = SpanKind.SERVER.ordinal();
  private static final int CONSUMER = SpanKind.CONSUMER.ordinal();

  /** Counts of one sort. */
  private static final class Counter {
    private final int service;
    private final SeasonalRate rate;
    private long tick;
    private long block;
    private double expected;

    Counter(int service, long tickNanos) {
      this.service = service;
      this.rate = new SeasonalRate(tickNanos);
    }
  }

  /** The counters of one sort, by operation or service. */
  private static final class Numbers {
    private int[] numbers = new int[0];

    /** The counter of a key, or -1. */
    int find(int key) {
      return key < numbers.length ? numbers[key] : -1;
    }

    void put(int key, int number) {
      if (key >= numbers.length) {
        int before = numbers.length;
        numbers = Arrays.copyOf(numbers, Math.max(key + 1, before * 2));
        Arrays.fill(numbers, before, numbers.length, -1);
      }
      numbers[key] = number;
    }

    /** The counters in the order of their keys. */
    int[] inOrder() {
      return Arrays.stream(numbers).filter(number -> number >= 0).toArray();
    }
  }

  /** Receives the blocks of a tick. */
  interface BlockVisitor {
    void onBlock(int service, Channel channel, long spans, double evidence);
  }

  private final long tickNanos;
  private final int countersMax;
  private final List<Counter> counters = new ArrayList<>();
  private final Numbers entryOfOperation = new Numbers();
  private final Numbers requestsOfService = new Numbers();
  private final List<BitSet> callers = new ArrayList<>();
  private long spans;
  private long spansBefore;

  /**
   * A watch that has learned nothing.
   *
   * @param countersMax operations and services counted at most; later ones are not watched
   */
  RateWatch(long tickNanos, int countersMax) {
    this.tickNanos = tickNanos;
    this.countersMax = countersMax;
  }

  void observe(AssembledSpan span, int service, int callerService) {
    spans++;
    if (span.root()) {
      count(entryOfOperation, span.operation(), service);
    }
    if (span.root() || span.kind() == SERVER || span.kind() == CONSUMER) {
      count(requestsOfService, service, service);
    }
    if (callerService >= 0 && callerService != service) {
      callersOf(service).set(callerService);
    }
  }

  private BitSet callersOf(int service) {
    while (callers.size() <= service) {
      callers.add(new BitSet());
    }
    return callers.get(service);
  }

  private void count(Numbers numbers, int key, int service) {
    int number = numbers.find(key);
    if (number < 0) {
      if (counters.size() == countersMax) {
        return;
      }
      number = counters.size();
      counters.add(new Counter(service, tickNanos));
      numbers.put(key, number);
    }
    counters.get(number).tick++;
  }

  /** Ends a tick; every second one gives the evidence of the two. */
  void close(long tick, TickLog log, BlockVisitor visitor) {
    boolean whole = spans > 0 && spansBefore > 0;
    boolean last = Math.floorMod(tick, (long) BLOCK_TICKS) == BLOCK_TICKS - 1;
    for (int number = 0; number < counters.size(); number++) {
      Counter counter = counters.get(number);
      if (whole) {
        log.rate(counter.service, number, counter.tick);
      }
      counter.block += counter.tick;
      counter.tick = 0;
    }
    spansBefore = spans;
    spans = 0;
    if (last && whole) {
      counters.forEach(
          counter -> counter.expected = counter.rate.expected(tick * tickNanos) * BLOCK_TICKS);
      surges(visitor);
      silences(visitor);
    }
    if (last || !whole) {
      counters.forEach(counter -> counter.block = 0);
    }
  }

  /** Learns the count of a tick that was normal. */
  void learn(int number, long tick, long count) {
    counters.get(number).rate.learn(tick * tickNanos, count);
  }

  void endStream() {
    spans = 0;
    spansBefore = 0;
    for (Counter counter : counters) {
      counter.tick = 0;
      counter.block = 0;
    }
  }

  private void surges(BlockVisitor visitor) {
    Map<Integer, Double> greatest = new HashMap<>();
    Map<Integer, Long> requests = new HashMap<>();
    for (int number : entryOfOperation.inOrder()) {
      Counter counter = counters.get(number);
      if (counter.expected >= SURGE_EXPECTED_MIN) {
        greatest.merge(counter.service, surge(counter.block, counter.expected), Math::max);
        requests.merge(counter.service, counter.block, Long::sum);
      }
    }
    greatest.forEach(
        (service, nats) ->
            visitor.onBlock(service, Channel.SURGE, requests.getOrDefault(service, 0L), nats));
  }

  private void silences(BlockVisitor visitor) {
    BitSet silent = new BitSet();
    for (int number : requestsOfService.inOrder()) {
      Counter counter = counters.get(number);
      if (silence(counter.block, counter.expected) > 0) {
        silent.set(counter.service);
      }
    }
    for (int number : requestsOfService.inOrder()) {
      Counter counter = counters.get(number);
      if (counter.expected >= SILENT_EXPECTED_MIN) {
        BitSet calling = callersOf(counter.service);
        double own = calling.intersects(silent) ? 0 : silence(counter.block, counter.expected);
        visitor.onBlock(counter.service, Channel.SILENCE, counter.block, own);
      }
    }
  }

  static double surge(long count, double expected) {
    return expected >= SURGE_EXPECTED_MIN && count >= SURGE_FACTOR * expected
        ? Divergence.beyond(count, expected)
        : 0;
  }

  static double silence(long count, double expected) {
    if (expected < SILENT_EXPECTED_MIN || count > SILENT_SHARE * expected) {
      return 0;
    }
    return (count == 0 ? 0 : count * Math.log(count / expected)) - count + expected;
  }
}
