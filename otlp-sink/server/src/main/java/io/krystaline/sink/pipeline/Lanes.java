package io.krystaline.sink.pipeline;

import io.krystaline.engine.release.ReleaseDirectory;
import io.krystaline.engine.score.Scorer;
import io.krystaline.sink.pipeline.PipelineCounters.Refusal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The lanes of the pipeline. Each receiving thread keeps to one lane, so with as many lanes as
 * event loops no thread waits for another.
 */
public final class Lanes implements Ingest {
  private final List<Lane> lanes;
  private final RecentShare recent;
  private final ThreadLocal<Lane> laneOfThread;
  private final AtomicInteger nextLane = new AtomicInteger();
  private final AnomalyWriter writer;
  private final PipelineSettings settings;
  private final PipelineCounters counters;
  private volatile boolean draining;

  /**
   * The lanes.
   *
   * @param scorers gives each lane a scorer of its own
   */
  public Lanes(
      Supplier<Scorer> scorers,
      AnomalyWriter writer,
      PipelineSettings settings,
      PipelineCounters counters,
      InstantSource clock) {
    this.writer = writer;
    this.settings = settings;
    this.counters = counters;
    this.recent = new RecentShare(settings.recentReach(), settings.lanes(), System.nanoTime());
    ReleaseDirectory releases = new ReleaseDirectory();
    List<Lane> made = new ArrayList<>();
    for (int lane = 0; lane < settings.lanes(); lane++) {
      made.add(new Lane(scorers.get(), releases, recent, writer, settings, counters, clock));
    }
    this.lanes = List.copyOf(made);
    this.laneOfThread =
        ThreadLocal.withInitial(
            () -> lanes.get(Math.floorMod(nextLane.getAndIncrement(), lanes.size())));
  }

  @Override
  public IngestResult offer(Transport transport, MessageSource source) {
    Optional<Refusal> refusal = draining ? Optional.of(Refusal.DRAINING) : writer.refusal();
    if (refusal.isPresent()) {
      counters.refused(refusal.get()).increment();
      return new IngestResult.Unavailable(settings.retryAfter(), refusal.get().label());
    }
    return laneOfThread.get().offer(transport, source);
  }

  /** Refuses every message from now on. */
  public void drain() {
    draining = true;
  }

  /**
   * Hands what all lanes have learned of some operations to them, those whose index is from {@code
   * from} to before {@code until}. Any thread; waits for messages under way.
   */
  public void flush(int from, int until) {
    lanes.forEach(lane -> lane.flush(from, until));
  }

  /** Where the lanes' spans go on to detection; one reader for all. */
  public List<SpanFeed> feeds() {
    return lanes.stream().map(Lane::feed).toList();
  }

  List<Lane> list() {
    return lanes;
  }

  /** Which traces the lanes' rings keep. */
  RecentShare recent() {
    return recent;
  }
}
