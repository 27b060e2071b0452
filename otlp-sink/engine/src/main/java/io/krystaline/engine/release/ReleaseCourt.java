package io.krystaline.engine.release;

import io.krystaline.engine.assemble.AssembledSpan;
import io.krystaline.engine.assemble.AssemblyVisitor;
import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.detect.AlarmVisitor;
import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.detect.StreamAlarm;
import io.krystaline.engine.detect.TickEvidence;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges releases: each new version of a service is compared with the established one, operation by
 * operation, until there is a {@link Verdict}. A version that is slower or fails more raises an
 * alarm on {@link Channel#RELEASE}, which goes the way of the detector's.
 *
 * <p>It sees the spans that the detector sees ({@link #watch}), and stands between the detector and
 * what hears its alarms: what a service does while it is in alarm does not teach its established
 * version's marks. Compared are exclusive times and own failures of spans that are no calls to
 * other services; calls to what nobody traces (a database) are the service's own.
 *
 * <p>All trials that begin within a day share a part of the alarm budget: the i-th may convict an
 * innocent version with a probability of {@code budget * share / (i (i + 1))}, which sums to less
 * than the part whatever their number, so that a flood of versions cannot flood with alarms. The
 * test and its assumptions are {@link Wealth}'s and {@link ShareHistory}'s. Event time only; owned
 * by one thread, except for {@link #states}.
 */
public final class ReleaseCourt implements AlarmVisitor {
  private static final int PUBLISH_TICKS = 12;
  private static final int DAY_TRIALS_MAX = 10_000;
  private static final int OPERATIONS_NAMED = 5;
  private static final int CLIENT = SpanKind.CLIENT.ordinal();
  private static final int PRODUCER = SpanKind.PRODUCER.ordinal();

  /** The level that a release's evidence is shown with: its spans were held against a share. */
  private static final double SHOWN_LEVEL = 0.1;

  private final CourtSettings settings;
  private final CourtTimes times;
  private final double budgetPerDay;
  private final OperationIndex operations;
  private final ReleaseDirectory releases;
  private final AlarmVisitor next;
  private final VerdictWriter writer;
  private final BitSet calls = new BitSet();
  private final List<ServiceReleases> services = new ArrayList<>();
  private @Nullable ServiceReleases[] byService = new ServiceReleases[16];
  private @Nullable TrackedVersion[] byNumber = new TrackedVersion[64];
  private final Deque<Long> openedTicks = new ArrayDeque<>();
  private long currentTick = Long.MIN_VALUE;
  private long publishedTick = Long.MIN_VALUE / 2;
  private boolean training;
  private volatile List<ReleaseState> states = List.of();

  /**
   * A court that has seen nothing.
   *
   * @param falseIncidentsPerDay the alarm budget, of which the court has its share
   * @param tick the width of the assembler's ticks
   * @param operations the index that the assembled spans refer to
   * @param releases what the spans' release numbers mean
   * @param next hears the detector's alarms and the court's
   */
  public ReleaseCourt(
      CourtSettings settings,
      double falseIncidentsPerDay,
      Duration tick,
      OperationIndex operations,
      ReleaseDirectory releases,
      AlarmVisitor next) {
    this.settings = settings;
    this.times = CourtTimes.of(settings, tick);
    this.budgetPerDay = falseIncidentsPerDay * settings.budgetShare();
    this.operations = operations;
    this.releases = releases;
    this.next = next;
    this.writer = new VerdictWriter(operations, times.tickNanos());
  }

  /** What the assembler is to tell instead of the detector: both see each span. */
  public AssemblyVisitor watch(AssemblyVisitor detector) {
    return new AssemblyVisitor() {
      @Override
      public void onSpan(AssembledSpan span) {
        observe(span);
        detector.onSpan(span);
      }

      @Override
      public void onTraceEnd(int operation, long traceIdHigh, long traceIdLow, boolean orphan) {
        detector.onTraceEnd(operation, traceIdHigh, traceIdLow, orphan);
      }

      @Override
      public void onTick(long tick) {
        detector.onTick(tick);
      }
    };
  }

  /** Begins training: what is seen until {@link #endStream} is clean, and nobody is on trial. */
  public void beginTraining() {
    training = true;
  }

  /** The stream has ended; another one may be of an earlier time. Ends training and all trials. */
  public void endStream() {
    services.forEach(ServiceReleases::endStream);
    openedTicks.clear();
    currentTick = Long.MIN_VALUE;
    training = false;
    publish();
  }

  /** What is known of all versions, the latest first. Any thread; some seconds old. */
  public List<ReleaseState> states() {
    return states;
  }

  private void observe(AssembledSpan span) {
    int number = span.release();
    int operation = span.operation();
    if (span.callee() != AssembledSpan.NONE) {
      calls.set(operation);
      return;
    }
    int kind = span.kind();
    if (number == Release.NONE || kind == PRODUCER || (kind == CLIENT && calls.get(operation))) {
      return;
    }
    TrackedVersion version = version(number, operations.serviceOf(operation));
    if (version != null) {
      version.observe(span);
    }
  }

  private @Nullable TrackedVersion version(int number, int service) {
    TrackedVersion known = number < byNumber.length ? byNumber[number] : null;
    if (known != null && known.service == service && known.release.number() == number) {
      return known;
    }
    Release release = releases.release(number);
    if (release == null || operations.serviceName(service).equals(OperationDirectory.OTHER)) {
      return null;
    }
    TrackedVersion version = service(service).meet(release, currentTick + 1, training);
    if (number >= byNumber.length) {
      byNumber = Arrays.copyOf(byNumber, Math.max(number + 1, byNumber.length * 2));
    }
    byNumber[number] = version;
    return version;
  }

  private ServiceReleases service(int number) {
    if (number >= byService.length) {
      byService = Arrays.copyOf(byService, Math.max(number + 1, byService.length * 2));
    }
    ServiceReleases known = byService[number];
    if (known == null) {
      known = new ServiceReleases(number, settings, times);
      byService[number] = known;
      services.add(known);
    }
    return known;
  }

  @Override
  public void onTick(
      long tick, List<StreamAlarm> raised, List<StreamAlarm> active, TickEvidence evidence) {
    currentTick = tick;
    BitSet alarmed = new BitSet();
    active.forEach(alarm -> alarmed.set(alarm.service()));
    List<StreamAlarm> ownRaised = new ArrayList<>();
    List<StreamAlarm> ownActive = new ArrayList<>();
    boolean changed = false;
    for (ServiceReleases service : services) {
      for (TrackedVersion version : service.onTrial(tick)) {
        changed |= judge(version, tick, ownRaised, evidence);
      }
      for (TrackedVersion version : service.versions()) {
        followAlarm(version, tick, ownActive);
      }
      service.closeTick(tick, alarmed.get(service.service), training);
    }
    if (changed || tick - publishedTick >= PUBLISH_TICKS) {
      publish();
      publishedTick = tick;
    }
    next.onTick(tick, joined(raised, ownRaised), joined(active, ownActive), evidence);
  }

  private static List<StreamAlarm> joined(List<StreamAlarm> some, List<StreamAlarm> more) {
    if (more.isEmpty()) {
      return some;
    }
    List<StreamAlarm> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  /** Whether the verdict is another one now. */
  private boolean judge(
      TrackedVersion version, long tick, List<StreamAlarm> raised, TickEvidence evidence) {
    Trial trial = version.trial;
    if (trial == null || !trial.isDue()) {
      return false;
    }
    if (!trial.isOpen()) {
      trial.open(level(tick));
    }
    boolean worse = trial.judge();
    if (trial.alarmed) {
      if (worse) {
        trial.lastHitTick = tick;
      }
      return false;
    }
    Verdict verdict = trial.verdict();
    if (verdict == version.verdict) {
      return false;
    }
    version.verdict = verdict;
    version.sinceTick = tick;
    version.reasons = writer.reasons(version, trial);
    if (verdict == Verdict.NO_DIFFERENCE_FOUND) {
      trial.over = true;
    } else {
      trial.alarmed = true;
      trial.alarmTick = tick;
      trial.lastHitTick = tick;
      raised.add(describe(version, trial));
      evidence
          .streams()
          .add(
              new TickEvidence.OfStream(
                  version.service, Channel.RELEASE, trial.evidence(), version.spans));
    }
    return true;
  }

  /** The level of a trial that opens now. */
  private double level(long tick) {
    while (!openedTicks.isEmpty() && tick - openedTicks.getFirst() >= times.dayTicks()) {
      openedTicks.removeFirst();
    }
    if (openedTicks.size() == DAY_TRIALS_MAX) {
      openedTicks.removeFirst();
    }
    openedTicks.addLast(tick);
    double turn = openedTicks.size();
    return Math.min(0.5, budgetPerDay / (turn * (turn + 1)));
  }

  private void followAlarm(TrackedVersion version, long tick, List<StreamAlarm> active) {
    Trial trial = version.trial;
    if (trial == null || !trial.alarmed) {
      return;
    }
    if (tick - trial.lastHitTick > times.alarmEndTicks()
        || tick - trial.alarmTick >= times.acceptTicks()) {
      trial.alarmed = false;
      trial.over = true;
      version.reasons = writer.reasons(version, trial);
    } else {
      active.add(describe(version, trial));
    }
  }

  private StreamAlarm describe(TrackedVersion version, Trial trial) {
    List<OperationTally> order = trial.byEvidence();
    List<OperationKey> named = new ArrayList<>();
    order.stream()
        .limit(OPERATIONS_NAMED)
        .forEach(operation -> named.add(operations.key(operation.operation)));
    OperationTally first = order.get(0);
    OperationTally old = trial.old.find(first.operation);
    long worse = first.trialCounts[trial.measure().ordinal() + 1];
    return new StreamAlarm(
        version.service,
        Channel.RELEASE,
        trial.firstTick,
        trial.alarmTick,
        first.trialCounts[0],
        Collections.nCopies(3, worse),
        SHOWN_LEVEL,
        trial.nats(),
        trial.thresholdNats(),
        named,
        first.worseTraces(),
        old == null ? List.of() : old.usualTraces(),
        version.reasons.isEmpty() ? null : version.reasons.get(0).text());
  }

  private void publish() {
    List<ReleaseState> all = new ArrayList<>();
    for (ServiceReleases service : services) {
      for (TrackedVersion version : service.versions()) {
        Trial trial = version.trial;
        if (trial != null && !trial.over) {
          version.reasons = writer.reasons(version, trial);
        }
        all.add(writer.state(version));
      }
    }
    all.sort(
        Comparator.comparingLong(ReleaseState::firstSeenNanos)
            .reversed()
            .thenComparing(ReleaseState::service)
            .thenComparing(ReleaseState::version));
    states = List.copyOf(all);
  }
}
