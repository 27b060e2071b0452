package io.krystaline.engine.release;

import io.krystaline.engine.assemble.AssembledSpan;
import io.krystaline.engine.assemble.AssemblySettings;
import io.krystaline.engine.assemble.AssemblyVisitor;
import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.assemble.TraceAssembler;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.detect.StreamAlarm;
import io.krystaline.engine.detect.TickEvidence;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;

/** Spans of versions before a court, by way of an assembler, with ticks of 5 s. */
final class Deployment {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;
  static final long START = 1_700_000_000L * SECOND;
  static final Duration TICK = Duration.ofSeconds(5);

  final ReleaseDirectory releases = new ReleaseDirectory();
  final List<StreamAlarm> raised = new ArrayList<>();

  /** Ticks with an alarm of the court. */
  final Set<Long> alarmedTicks = new TreeSet<>();

  final List<TickEvidence> evidence = new ArrayList<>();

  /** What the detector has in alarm. */
  List<StreamAlarm> detected = List.of();

  private final OperationIndex index = new OperationIndex();
  private final OperationDirectory directory =
      new OperationDirectory(
          BaselineSettings.defaults(), new DirectoryLimits(100, 100, 1_000, 512), 1);
  final ReleaseCourt court;
  private TraceAssembler assembler;
  private long ids;

  Deployment() {
    this(1);
  }

  Deployment(double falseIncidentsPerDay) {
    court =
        new ReleaseCourt(
            CourtSettings.DEFAULTS, falseIncidentsPerDay, TICK, index, releases, this::onTick);
    restart();
  }

  /** Another stream of spans. */
  void restart() {
    assembler =
        new TraceAssembler(
            AssemblySettings.DEFAULTS.withTick(TICK), index, 5, court.watch(new Detector()));
  }

  private final class Detector implements AssemblyVisitor {
    @Override
    public void onSpan(AssembledSpan span) {}

    @Override
    public void onTraceEnd(int operation, long high, long low, boolean orphan) {}

    @Override
    public void onTick(long tick) {
      court.onTick(
          tick,
          List.of(),
          detected,
          new TickEvidence(tick, new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
    }
  }

  private void onTick(
      long tick, List<StreamAlarm> fresh, List<StreamAlarm> active, TickEvidence of) {
    raised.addAll(fresh);
    if (active.stream().anyMatch(alarm -> alarm.channel() == Channel.RELEASE)) {
      alarmedTicks.add(tick);
    }
    if (!of.streams().isEmpty()) {
      evidence.add(of);
    }
  }

  int service(String name) {
    return index.service(name);
  }

  /** A span of a trace of its own that ends then. */
  void span(
      String service, String version, String name, long endNanos, long nanos, boolean failed) {
    span(service, version, name, SpanKind.SERVER, endNanos, nanos, failed);
  }

  void span(
      String service,
      String version,
      String name,
      SpanKind kind,
      long endNanos,
      long nanos,
      boolean failed) {
    int operation = index.register(directory.operation(new OperationKey(service, name, kind)));
    int release = releases.find(service, version, endNanos).number();
    ids++;
    assembler.add(
        operation,
        ids * 31,
        ids,
        ids,
        0,
        kind.ordinal(),
        failed ? 2 : 0,
        endNanos - nanos,
        endNanos,
        release);
  }

  /** A call and the span that it caused in another service. */
  void call(String caller, String callee, String version, long endNanos, long nanos) {
    int client =
        index.register(directory.operation(new OperationKey(caller, "call", SpanKind.CLIENT)));
    int server =
        index.register(directory.operation(new OperationKey(callee, "serve", SpanKind.SERVER)));
    int release = releases.find(caller, version, endNanos).number();
    ids += 2;
    assembler.add(
        server, ids * 31, ids, ids, ids + 1, 2, 0, endNanos - nanos / 2, endNanos, Release.NONE);
    assembler.add(
        client, ids * 31, ids, ids + 1, 0, 3, 0, endNanos - nanos, endNanos + MILLI, release);
  }

  void finish() {
    assembler.finish();
    court.endStream();
  }

  /** Lets time go on, so that all ticks before it are judged. */
  void advance(long nanos) {
    assembler.advance(nanos);
  }

  ReleaseState state(String version) {
    return court.states().stream()
        .filter(state -> state.version().equals(version))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(version + " in " + court.states()));
  }
}
