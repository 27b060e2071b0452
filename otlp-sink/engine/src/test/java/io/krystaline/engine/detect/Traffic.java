package io.krystaline.engine.detect;

import io.krystaline.engine.assemble.AssemblySettings;
import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.assemble.TraceAssembler;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Requests of a small shop as spans: a gateway asks the shop, which asks the cart and, at checkout,
 * the payment and a mailer over a queue. Times are skewed as real ones are. What may go wrong is
 * set by functions of the seconds since the beginning.
 */
final class Traffic {
  static final Duration TICK = AssemblySettings.DEFAULTS.tick();
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;

  /** Midnight of a Monday, UTC. */
  static final long EPOCH = 1_767_571_200L * SECOND;

  final OperationIndex index = new OperationIndex();
  private final OperationDirectory directory =
      new OperationDirectory(
          BaselineSettings.defaults(), new DirectoryLimits(100, 100, 1_000, 512), 1);
  private final Random random;
  private long ids = 1;

  /** Requests a second. */
  DoubleUnaryOperator rate = seconds -> 8;

  /** The share of requests that check out. */
  DoubleUnaryOperator checkouts = seconds -> 0.5;

  /** How many times slower a service's own work is. */
  final Map<String, DoubleUnaryOperator> slowdown = new HashMap<>();

  /** Milliseconds that calls into a service take beyond its own spans. */
  final Map<String, DoubleUnaryOperator> network = new HashMap<>();

  /** The share of requests to a service that fail. */
  final Map<String, DoubleUnaryOperator> failing = new HashMap<>();

  /** The share of calls to a service that are not made. */
  final Map<String, DoubleUnaryOperator> left = new HashMap<>();

  /** The share of calls to a service that fail without an answer. */
  final Map<String, DoubleUnaryOperator> dead = new HashMap<>();

  /** Milliseconds that messages wait. */
  DoubleUnaryOperator waiting = seconds -> 0;

  /** The share of a service's server spans that get lost. */
  final Map<String, DoubleUnaryOperator> lost = new HashMap<>();

  /** A span as it arrives. */
  record Span(
      int operation,
      long trace,
      long id,
      long parent,
      SpanKind kind,
      boolean failed,
      long start,
      long end) {}

  /** An alarm as it was raised. */
  record Raised(double seconds, String service, Channel channel, StreamAlarm alarm) {
    boolean is(String other, Channel otherChannel) {
      return service.equals(other) && channel == otherChannel;
    }
  }

  /** What a detector made of spans. */
  static final class Outcome {
    final List<Raised> raised = new ArrayList<>();
    final Map<Long, List<StreamAlarm>> active = new HashMap<>();
    DetectionCounts counts = new DetectionCounts(0, 0, 0, 0, 0);

    boolean isActive(double seconds) {
      return !active
          .getOrDefault((EPOCH + (long) (seconds * SECOND)) / TICK.toNanos(), List.of())
          .isEmpty();
    }
  }

  Traffic(long seed) {
    this.random = new Random(seed);
  }

  /** The spans of an interval, by their ends. */
  List<Span> spans(double fromSeconds, double toSeconds) {
    List<Span> all = new ArrayList<>();
    double at = fromSeconds;
    while (true) {
      double most = rate.applyAsDouble(at);
      if (most <= 0) {
        at += 1;
      } else {
        at -= Math.log(1 - random.nextDouble()) / most;
      }
      if (at >= toSeconds) {
        break;
      }
      if (most > 0) {
        request(at, all);
      }
    }
    all.sort(Comparator.comparingLong(Span::end));
    return all;
  }

  /** The first seconds of one day and of the next. */
  List<Span> overTwoDays(double seconds) {
    List<Span> all = new ArrayList<>(spans(0, seconds));
    all.addAll(spans(86_400, 86_400 + seconds));
    return all;
  }

  private void request(double at, List<Span> all) {
    long trace = ids++;
    boolean checkout = random.nextDouble() < at(checkouts, at);
    long start = EPOCH + (long) (at * SECOND);
    long root = ids++;
    long now = start + work("gateway", at, 4);
    Reply shop = call(all, "gateway", root, "shop", trace, now, at);
    now = shop.end;
    boolean failed = shop.failed;
    if (shop.server != 0) {
      long inside = shop.serverStart + work("shop", at, 10);
      if (random.nextDouble() >= at(left.get("cart"), at)) {
        Reply cart = call(all, "shop", shop.server, "cart", trace, inside, at);
        inside = cart.end;
        failed |= cart.failed;
        if (cart.server != 0) {
          span(
              all,
              "cart",
              "list",
              trace,
              cart.server,
              cart.client,
              SpanKind.SERVER,
              cart.serverFailed,
              cart.serverStart,
              cart.serverEnd,
              at);
        }
      }
      if (checkout && random.nextDouble() >= at(left.get("pay"), at)) {
        Reply pay = call(all, "shop", shop.server, "pay", trace, inside, at);
        inside = pay.end;
        failed |= pay.failed;
        if (pay.server != 0) {
          span(
              all,
              "pay",
              "charge",
              trace,
              pay.server,
              pay.client,
              SpanKind.SERVER,
              pay.serverFailed,
              pay.serverStart,
              pay.serverEnd,
              at);
        }
        long producer = ids++;
        long sent = inside + MILLI;
        span(
            all,
            "shop",
            "mails send",
            trace,
            producer,
            shop.server,
            SpanKind.PRODUCER,
            false,
            inside,
            sent,
            at);
        inside = sent;
        long begun = sent + work("queue", at, 5) + (long) (at(waiting, at) * MILLI);
        span(
            all,
            "mailer",
            "mails process",
            trace,
            ids++,
            producer,
            SpanKind.CONSUMER,
            false,
            begun,
            begun + work("mailer", at, 6),
            at);
      }
      long serverEnd = inside + work("shop", at, 2);
      span(
          all,
          "shop",
          checkout ? "checkout" : "browse",
          trace,
          shop.server,
          shop.client,
          SpanKind.SERVER,
          failed,
          shop.serverStart,
          serverEnd,
          at);
      now = serverEnd + MILLI + (long) (at(network.get("shop"), at) * MILLI);
    }
    span(
        all,
        "gateway",
        "call shop",
        trace,
        shop.client,
        root,
        SpanKind.CLIENT,
        failed,
        shop.clientStart,
        now,
        at);
    now += work("gateway", at, 2);
    span(
        all,
        "gateway",
        checkout ? "POST /checkout" : "GET /",
        trace,
        root,
        0,
        SpanKind.SERVER,
        failed,
        start,
        now,
        at);
  }

  private record Reply(
      long client,
      long clientStart,
      long server,
      long serverStart,
      long serverEnd,
      boolean serverFailed,
      boolean failed,
      long end) {}

  /**
   * Calls a leaf, whose client span is made at once; the shop's is made by whoever knows its end.
   */
  private Reply call(
      List<Span> all,
      String caller,
      long parent,
      String callee,
      long trace,
      long start,
      double at) {
    long client = ids++;
    long there = start + work("wire", at, 1);
    if (random.nextDouble() < at(dead.get(callee), at)) {
      if (!callee.equals("shop")) {
        span(
            all,
            caller,
            "call " + callee,
            trace,
            client,
            parent,
            SpanKind.CLIENT,
            true,
            start,
            there,
            at);
      }
      return new Reply(client, start, 0, 0, 0, true, true, there);
    }
    long serverEnd = there + work(callee, at, 20);
    long back = serverEnd + work("wire", at, 1) + (long) (at(network.get(callee), at) * MILLI);
    boolean failed = random.nextDouble() < at(failing.get(callee), at);
    if (!callee.equals("shop")) {
      span(
          all,
          caller,
          "call " + callee,
          trace,
          client,
          parent,
          SpanKind.CLIENT,
          failed,
          start,
          back,
          at);
    }
    return new Reply(client, start, ids++, there, serverEnd, failed, failed, back);
  }

  private void span(
      List<Span> all,
      String service,
      String name,
      long trace,
      long id,
      long parent,
      SpanKind kind,
      boolean failed,
      long start,
      long end,
      double at) {
    if (kind == SpanKind.SERVER && random.nextDouble() < at(lost.get(service), at)) {
      return;
    }
    OperationKey key = new OperationKey(service, name, kind);
    all.add(
        new Span(
            index.register(directory.operation(key)), trace, id, parent, kind, failed, start, end));
  }

  /** Log-normal, sometimes ten times as long. */
  private long work(String service, double at, double millis) {
    double tail = random.nextInt(200) == 0 ? 10 : 1;
    double factor = slowdown.getOrDefault(service, seconds -> 1).applyAsDouble(at);
    return (long) (millis * MILLI * factor * tail * Math.exp(random.nextGaussian() * 0.35));
  }

  private static double at(@Nullable DoubleUnaryOperator f, double at) {
    return f == null ? 0 : f.applyAsDouble(at);
  }

  /** Something that is so from one second to another, and else not. */
  static DoubleUnaryOperator between(double from, double to, double then, double otherwise) {
    return seconds -> seconds >= from && seconds < to ? then : otherwise;
  }

  /** An order in which no span comes more than the slack after one that ended later. */
  static List<Span> shuffled(List<Span> spans, Duration slack, long seed) {
    Random random = new Random(seed);
    Map<Span, Long> arrival = new HashMap<>();
    spans.forEach(
        span -> arrival.put(span, span.end() + (long) (random.nextDouble() * slack.toNanos())));
    List<Span> order = new ArrayList<>(spans);
    Collections.shuffle(order, random);
    order.sort(Comparator.comparingLong(arrival::get));
    return order;
  }

  Outcome detect(List<Span> spans) {
    return detect(DetectionSettings.DEFAULTS, List.of(), spans);
  }

  /** Detects, after a training with other spans. */
  Outcome detect(DetectionSettings settings, List<Span> training, List<Span> spans) {
    Outcome outcome = new Outcome();
    Detector detector =
        new Detector(
            settings,
            TICK,
            index,
            (tick, raised, active, evidence) -> {
              outcome.active.put(tick, active);
              for (StreamAlarm alarm : raised) {
                double seconds = ((tick + 1) * TICK.toNanos() - EPOCH) / (double) SECOND;
                outcome.raised.add(
                    new Raised(
                        seconds, index.serviceName(alarm.service()), alarm.channel(), alarm));
              }
            });
    if (!training.isEmpty()) {
      detector.beginTraining();
      assemble(detector, training);
      detector.endStream();
    }
    assemble(detector, spans);
    outcome.counts = detector.counts();
    return outcome;
  }

  private void assemble(Detector detector, List<Span> spans) {
    TraceAssembler assembler =
        new TraceAssembler(AssemblySettings.DEFAULTS.withTick(TICK), index, 5, detector);
    for (Span span : spans) {
      assembler.add(
          span.operation,
          span.trace * 31,
          span.trace,
          span.id,
          span.parent,
          span.kind.ordinal(),
          span.failed ? 2 : 0,
          span.start,
          span.end);
    }
    assembler.finish();
  }
}
