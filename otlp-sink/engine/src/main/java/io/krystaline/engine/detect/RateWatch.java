package io.krystaline.engine.detect;

import io.krystaline.engine.assemble.AssembledSpan;
import io.krystaline.engine.span.SpanKind;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Counts what each service is asked for, and compares it with the season. A surge is counted in
 * requests from outside (root spans), silence in all requests. Evidence is the Poisson
 * log-likelihood ratio {@code n ln(n / expected) - n + expected}, where the count is at least three
 * times, or at most a tenth, of what the season explains. A service is not silent of its own where
 * one of its callers is silent too. Nothing is said without a season, nor across a gap of the whole
 * stream. Owned by one thread.
 */
final class RateWatch {
  static final int BLOCK_TICKS = 2;
  private static final double SURGE_FACTOR = 3;
  private static final double SILENT_SHARE = 0.1;
  private static final double EXPECTED_MIN = 4;
  private static final int SERVER = SpanKind.SERVER.ordinal();
  private static final int CONSUMER = SpanKind.CONSUMER.ordinal();

  /** What a service is asked for. */
  static final class Service {
    final SeasonalRate rootRate;
    final SeasonalRate requestRate;
    final BitSet callers = new BitSet();
    long roots;
    long requests;
    final long[] blockRoots = new long[BLOCK_TICKS];
    final long[] blockRequests = new long[BLOCK_TICKS];
    double expectedRoots;
    double expectedRequests;
    double surge;
    double silence;

    Service(long tickNanos) {
      rootRate = new SeasonalRate(tickNanos);
      requestRate = new SeasonalRate(tickNanos);
    }
  }

  /** Receives the blocks of a tick. */
  interface BlockVisitor {
    void onBlock(int service, Channel channel, long spans, double evidence);
  }

  private final long tickNanos;
  private @Nullable Service[] services = new Service[16];
  private int size;
  private long spans;
  private long spansBefore;

  RateWatch(long tickNanos) {
    this.tickNanos = tickNanos;
  }

  void observe(AssembledSpan span, int service, int callerService) {
    spans++;
    Service watched = service(service);
    if (span.root()) {
      watched.roots++;
    }
    if (span.root() || span.kind() == SERVER || span.kind() == CONSUMER) {
      watched.requests++;
    }
    if (callerService >= 0 && callerService != service) {
      watched.callers.set(callerService);
    }
  }

  /** Ends a tick; every second one gives the evidence of the two. */
  void close(long tick, TickLog log, BlockVisitor visitor) {
    long nanos = tick * tickNanos;
    boolean whole = spans > 0 && spansBefore > 0;
    int part = (int) Math.floorMod(tick, (long) BLOCK_TICKS);
    for (int number = 0; number < size; number++) {
      Service service = services[number];
      if (service != null) {
        service.blockRoots[part] = service.roots;
        service.blockRequests[part] = service.requests;
        if (whole) {
          log.rate(number, service.roots, service.requests);
        }
        service.roots = 0;
        service.requests = 0;
      }
    }
    spansBefore = spans;
    spans = 0;
    if (part == BLOCK_TICKS - 1 && whole) {
      judge(nanos, visitor);
    }
  }

  /** Learns the counts of a tick that was normal. */
  void learn(int number, long tick, long roots, long requests) {
    Service service = service(number);
    service.rootRate.learn(tick * tickNanos, roots);
    service.requestRate.learn(tick * tickNanos, requests);
  }

  void endStream() {
    spans = 0;
    spansBefore = 0;
    for (Service service : services) {
      if (service != null) {
        service.roots = 0;
        service.requests = 0;
        Arrays.fill(service.blockRoots, 0);
        Arrays.fill(service.blockRequests, 0);
      }
    }
  }

  private void judge(long nanos, BlockVisitor visitor) {
    for (int number = 0; number < size; number++) {
      Service service = services[number];
      if (service != null) {
        service.expectedRoots = service.rootRate.expected(nanos) * BLOCK_TICKS;
        service.expectedRequests = service.requestRate.expected(nanos) * BLOCK_TICKS;
        service.surge = surge(sum(service.blockRoots), service.expectedRoots);
        service.silence = silence(sum(service.blockRequests), service.expectedRequests);
      }
    }
    for (int number = 0; number < size; number++) {
      Service service = services[number];
      if (service == null) {
        continue;
      }
      if (service.expectedRoots >= EXPECTED_MIN) {
        visitor.onBlock(number, Channel.SURGE, sum(service.blockRoots), service.surge);
      }
      if (service.expectedRequests >= EXPECTED_MIN) {
        double own = hasSilentCaller(service) ? 0 : service.silence;
        visitor.onBlock(number, Channel.SILENCE, sum(service.blockRequests), own);
      }
    }
  }

  private boolean hasSilentCaller(Service service) {
    for (int caller = service.callers.nextSetBit(0);
        caller >= 0;
        caller = service.callers.nextSetBit(caller + 1)) {
      Service calling = caller < size ? services[caller] : null;
      if (calling != null && calling.silence > 0) {
        return true;
      }
    }
    return false;
  }

  static double surge(long count, double expected) {
    return expected >= EXPECTED_MIN && count >= SURGE_FACTOR * expected
        ? count * Math.log(count / expected) - count + expected
        : 0;
  }

  static double silence(long count, double expected) {
    if (expected < EXPECTED_MIN || count > SILENT_SHARE * expected) {
      return 0;
    }
    return (count == 0 ? 0 : count * Math.log(count / expected)) - count + expected;
  }

  private static long sum(long[] parts) {
    long sum = 0;
    for (long part : parts) {
      sum += part;
    }
    return sum;
  }

  private Service service(int number) {
    if (number >= services.length) {
      services = Arrays.copyOf(services, Math.max(number + 1, services.length * 2));
    }
    Service known = services[number];
    if (known == null) {
      known = new Service(tickNanos);
      services[number] = known;
      size = Math.max(size, number + 1);
    }
    return known;
  }
}
