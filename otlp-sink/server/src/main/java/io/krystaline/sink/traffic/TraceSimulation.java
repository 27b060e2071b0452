package io.krystaline.sink.traffic;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Walks one trace after the other: spends the time of each operation's own work between its calls,
 * follows the calls, fails and retries, and writes a span for each step.
 *
 * <p>A failed call fails its caller where the call is always made; the others have a fallback.
 * Owned by one thread.
 */
final class TraceSimulation {
  private static final double MILLI = 1e6;
  private static final double DATABASE_SIGMA = 0.45;
  private static final double DATABASE_ERRORS = 0.0002;
  private static final double PROVIDER_ERRORS = 0.004;
  private static final double LOST_SHARE = 0.0001;
  private static final int EVENT_TIME = 1;
  private static final int EVENT_NAME = 2;
  private static final int LINK_TRACE_ID = 1;
  private static final int LINK_SPAN_ID = 2;
  private static final byte[] NOTHING = {};

  private static final byte[] OWN_FAILURE =
      SpanFields.exception("java.util.concurrent.TimeoutException", "no answer in 250 ms", "pool");
  private static final byte[] FAULTY =
      SpanFields.exception("java.lang.IllegalStateException", "order 4711 is in no state", "core");
  private static final byte[] REFUSED =
      SpanFields.exception("java.net.ConnectException", "Connection refused", "net");
  private static final byte[] CALL_FAILED =
      SpanFields.exception("java.io.IOException", "the call was answered with 500", "client");

  private final Conditions conditions;
  private final SplittableRandom random;
  private final OutgoingSpans out;
  private final int services;
  private long traceHigh;
  private long traceLow;

  /** Of the call or operation that was simulated last. */
  private boolean failed;

  /**
   * A simulation.
   *
   * @param services how many; resource i is service i, resource {@code services} + i the release
   *     that is the plan's fault i
   */
  TraceSimulation(Conditions conditions, SplittableRandom random, OutgoingSpans out, int services) {
    this.conditions = conditions;
    this.random = random;
    this.out = out;
    this.services = services;
  }

  /** Simulates a trace that begins then; the conditions have been moved there. */
  void trace(Operation entry, long startNanos) {
    traceHigh = id();
    traceLow = id();
    serve(entry, startNanos, 0, 0);
  }

  private long serve(Operation operation, long startNanos, long parentId, long linkedId) {
    int service = operation.service();
    int release = conditions.release(service, startNanos);
    boolean released = release >= 0;
    long spanId = id();
    List<Call> calls = operation.calls();
    double millis = workMillis(operation) * conditions.slowness(service, startNanos, released);
    long piece = (long) (millis * MILLI / (calls.size() + 1));
    boolean ownFailure =
        random.nextDouble() < conditions.errorShare(operation, startNanos, released);
    int callsBeforeFailure = ownFailure ? random.nextInt(calls.size() + 1) : calls.size();

    boolean callFailed = false;
    long at = conditions.endOfWork(service, startNanos, piece);
    long joined = at;
    for (int i = 0; i < callsBeforeFailure && !callFailed; i++) {
      Call call = calls.get(i);
      if (random.nextDouble() < conditions.callProbability(operation, call, at)) {
        int count = call.countMax() == 1 ? 1 : 1 + random.nextInt(call.countMax());
        long done = at;
        for (int n = 0; n < count && !callFailed; n++) {
          done = call(operation, call, done, spanId);
          callFailed = failed && call.probability() == 1;
        }
        joined = Math.max(joined, done);
      }
      if (!call.withNext() || callFailed) {
        at = conditions.endOfWork(service, joined, piece);
        joined = at;
      }
    }
    boolean wrong = ownFailure || callFailed;
    byte[] exception = NOTHING;
    if (wrong) {
      boolean usual = conditions.errorShare(operation, startNanos, released) < 0.1;
      exception = callFailed ? CALL_FAILED : usual ? OWN_FAILURE : FAULTY;
    }
    write(
        service,
        release,
        operation.server(),
        spanId,
        parentId,
        linkedId,
        startNanos,
        at,
        operation.fields(),
        wrong,
        exception);
    failed = wrong;
    return at;
  }

  private double workMillis(Operation operation) {
    double millis = operation.selfMillis() * Math.exp(operation.sigma() * random.nextGaussian());
    if (random.nextDouble() < operation.tailShare()) {
      millis *= 2 * Math.pow(1 - random.nextDouble(), -1 / operation.tailIndex());
    }
    return millis;
  }

  private long call(Operation from, Call call, long startNanos, long parentId) {
    return switch (call.type()) {
      case HTTP -> http(from, call, startNanos, parentId);
      case QUEUE -> queue(from, call, startNanos, parentId);
      case DATABASE, EXTERNAL -> untraced(from, call, startNanos, parentId);
      case INTERNAL -> {
        long end = ending(from, startNanos, call.millis() * logNormal(DATABASE_SIGMA));
        failed = false;
        client(from, call, id(), parentId, startNanos, end, NOTHING);
        yield end;
      }
    };
  }

  private long http(Operation from, Call call, long startNanos, long parentId) {
    long end = attempt(from, call, startNanos, parentId);
    if (failed && call.retried()) {
      long backoff = (long) ((20 + 40 * random.nextDouble()) * MILLI);
      end = attempt(from, call, end + backoff, parentId);
    }
    return end;
  }

  private long attempt(Operation from, Call call, long startNanos, long parentId) {
    Operation callee = call.callee().orElseThrow();
    long clientId = id();
    Fault silent = conditions.active(FaultKind.SERVICE_SILENT, callee.service(), startNanos);
    long end;
    byte[] exception = NOTHING;
    if (silent != null) {
      // The weaker half refuses connections, the stronger half swallows them.
      double millis = silent.strength() < 0.5 ? 1 + random.nextDouble() : 1_000;
      end = startNanos + (long) (millis * MILLI);
      exception = REFUSED;
      failed = true;
    } else {
      long arrival = startNanos + conditions.wayNanos(from.service(), callee.service(), startNanos);
      long answered = serve(callee, arrival, clientId, 0);
      end = answered + conditions.wayNanos(from.service(), callee.service(), answered);
    }
    client(from, call, clientId, parentId, startNanos, end, exception);
    return end;
  }

  private long queue(Operation from, Call call, long startNanos, long parentId) {
    Operation consumer = call.callee().orElseThrow();
    long producerId = id();
    long end = ending(from, startNanos, call.millis() * logNormal(DATABASE_SIGMA));
    failed = false;
    client(from, call, producerId, parentId, startNanos, end, NOTHING);
    serve(consumer, end + conditions.queueNanos(consumer.service(), end), producerId, producerId);
    failed = false;
    return end;
  }

  private long untraced(Operation from, Call call, long startNanos, long parentId) {
    int service = from.service();
    boolean database = call.type() == Call.Type.DATABASE;
    Fault down = conditions.active(FaultKind.DEPENDENCY_DOWN, service, startNanos);
    boolean refused =
        down != null
            && down.target().equals(call.type().name())
            && random.nextDouble() < down.scaled(0.5, 1);
    double millis;
    if (refused) {
      millis = 1 + random.nextDouble();
    } else {
      millis = call.millis() * logNormal(DATABASE_SIGMA);
      if (random.nextDouble() < 0.004) {
        millis *= 2 * Math.pow(1 - random.nextDouble(), -1 / 1.8);
      }
      millis *= database ? conditions.databaseSlowness(service, startNanos) : 1;
    }
    long end = startNanos + (long) (millis * MILLI);
    failed = refused || random.nextDouble() < (database ? DATABASE_ERRORS : PROVIDER_ERRORS);
    client(
        from,
        call,
        id(),
        parentId,
        startNanos,
        end,
        refused ? REFUSED : failed ? OWN_FAILURE : NOTHING);
    return end;
  }

  private long ending(Operation from, long startNanos, double millis) {
    return conditions.endOfWork(from.service(), startNanos, (long) (millis * MILLI));
  }

  /** Writes the calling span; failed as the call was. */
  private void client(
      Operation from,
      Call call,
      long spanId,
      long parentId,
      long startNanos,
      long endNanos,
      byte[] exception) {
    write(
        from.service(),
        -1,
        false,
        spanId,
        parentId,
        0,
        startNanos,
        endNanos,
        call.fields(),
        failed,
        exception);
  }

  private void write(
      int service,
      int release,
      boolean server,
      long spanId,
      long parentId,
      long linkedId,
      long startNanos,
      long endNanos,
      EncodedFields fields,
      boolean asFailed,
      byte[] exception) {
    long leavesNanos = endNanos;
    double lostShare = LOST_SHARE;
    if (server) {
      Fault late = conditions.active(FaultKind.LATE_SPANS, service, startNanos);
      if (late != null) {
        leavesNanos += (long) (late.scaled(60, 100) * Season.SECOND);
      }
      if (conditions.active(FaultKind.LOST_SPANS, service, startNanos) != null) {
        lostShare = 0.5;
      }
    }
    if (random.nextDouble() < lostShare) {
      return;
    }
    ProtobufWriter span = out.begin();
    span.idField(SpanFields.TRACE_ID, traceHigh, traceLow);
    span.idField(SpanFields.SPAN_ID, spanId);
    if (parentId != 0) {
      span.idField(SpanFields.PARENT_SPAN_ID, parentId);
    }
    span.fixed64Field(SpanFields.START_TIME, startNanos);
    span.fixed64Field(SpanFields.END_TIME, endNanos);
    fields.write(span, asFailed);
    if (exception.length > 0) {
      int event = span.begin(SpanFields.EVENTS);
      span.fixed64Field(EVENT_TIME, endNanos);
      span.stringField(EVENT_NAME, "exception");
      span.raw(exception, exception.length);
      span.end(event);
    }
    if (linkedId != 0) {
      int link = span.begin(SpanFields.LINKS);
      span.idField(LINK_TRACE_ID, traceHigh, traceLow);
      span.idField(LINK_SPAN_ID, linkedId);
      span.end(link);
    }
    out.add(release >= 0 ? services + release : service, leavesNanos);
  }

  private double logNormal(double sigma) {
    return Math.exp(sigma * random.nextGaussian());
  }

  private long id() {
    long id = random.nextLong();
    return id == 0 ? 1 : id;
  }
}
