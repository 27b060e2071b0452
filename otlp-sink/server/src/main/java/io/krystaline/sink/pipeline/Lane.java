package io.krystaline.sink.pipeline;

import io.krystaline.engine.decode.DecodeResult;
import io.krystaline.engine.decode.SpanExtractor;
import io.krystaline.engine.decode.TraceDecoder;
import io.krystaline.engine.release.ReleaseDirectory;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.score.ScoringCounter;
import io.krystaline.engine.span.RejectReason;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.sink.pipeline.PipelineCounters.Refusal;
import io.krystaline.sink.store.AnomalyRecord;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One way through decoder and scorer: the receiving thread's own ring, columns and statistics. A
 * lane serves one message at a time under its lock, which is free unless a checkpoint flushes the
 * lane or more threads receive than there are lanes.
 */
final class Lane {
  private static final RejectReason[] REASONS = RejectReason.values();

  private final ReentrantLock lock = new ReentrantLock();
  private final SpanRing ring;
  private final RecentShare recent;
  private final SpanFeed feed;
  private final TraceDecoder decoder = new TraceDecoder();
  private final SpanExtractor extractor = new SpanExtractor();
  private final SpanBatch batch = new SpanBatch();
  private final Scorer scorer;
  private final AnomalyWriter writer;
  private final PipelineCounters counters;
  private final InstantSource clock;
  private final List<AnomalyRecord> marks = new ArrayList<>();
  private long unrecorded;

  Lane(
      Scorer scorer,
      ReleaseDirectory releases,
      RecentShare recent,
      AnomalyWriter writer,
      PipelineSettings settings,
      PipelineCounters counters,
      InstantSource clock) {
    this.ring =
        new SpanRing(settings.ringBytes(), settings.ringSpans(), settings.messageBytesMax());
    this.recent = recent;
    this.scorer = scorer;
    this.feed = new SpanFeed(releases);
    this.writer = writer;
    this.counters = counters;
    this.clock = clock;
  }

  SpanRing ring() {
    return ring;
  }

  IngestResult offer(Transport transport, MessageSource source) {
    lock.lock();
    try {
      ring.begin();
      source.copyTo(ring);
      counters.receivedBytes().add(ring.messageLength());
      DecodeResult result =
          decoder.decode(ring.array(), ring.messageOffset(), ring.messageLength(), batch);
      if (result instanceof DecodeResult.Malformed malformed) {
        return refuse(Refusal.MALFORMED, new IngestResult.Malformed(malformed.message()));
      }
      return take(transport);
    } catch (MessageTooLargeException e) {
      return refuse(Refusal.TOO_LARGE, new IngestResult.TooLarge(e.limitBytes()));
    } catch (IOException e) {
      return refuse(Refusal.MALFORMED, new IngestResult.Malformed(textOf(e)));
    } finally {
      lock.unlock();
    }
  }

  /** Where the lane's spans go on to detection. */
  SpanFeed feed() {
    return feed;
  }

  /** As {@link Scorer#flush(int, int, long)}. Any thread. */
  void flush(int from, int until) {
    lock.lock();
    try {
      scorer.flush(from, until, nowNanos());
    } finally {
      lock.unlock();
    }
  }

  private IngestResult take(Transport transport) {
    long nowNanos = nowNanos();
    scorer.score(batch, nowNanos, (spans, row, anomaly) -> mark(row, anomaly));
    feed.offer(batch, scorer);
    ring.keep(batch, recent.keptUpTo());
    long rejected = batch.rejectedTotal();
    counters.received(transport).add(batch.spanCount() + rejected);
    counters.scored().add(batch.spanCount());
    countUnrecorded();
    String message = rejected == 0 ? "" : countRejected(rejected);
    return new IngestResult.Accepted(batch.spanCount(), rejected, message, writeMarks());
  }

  private void countUnrecorded() {
    long total = scorer.counts().count(ScoringCounter.OVER_LIMIT);
    if (total > unrecorded) {
      counters.unrecorded().add(total - unrecorded);
      unrecorded = total;
    }
  }

  private void mark(int row, Anomaly anomaly) {
    marks.add(new AnomalyRecord(anomaly, extractor.extract(batch, row)));
  }

  private @Nullable CompletableFuture<Void> writeMarks() {
    if (marks.isEmpty()) {
      return null;
    }
    CompletableFuture<Void> durable = writer.write(marks);
    marks.clear();
    return durable;
  }

  private String countRejected(long rejected) {
    StringBuilder message = new StringBuilder(96);
    message.append(rejected).append(rejected == 1 ? " span rejected" : " spans rejected");
    char separator = ':';
    for (RejectReason reason : REASONS) {
      long count = batch.rejected(reason);
      if (count > 0) {
        counters.rejected(reason).add(count);
        message.append(separator).append(' ').append(count).append(' ').append(reason.label());
        separator = ',';
      }
    }
    return message.toString();
  }

  private IngestResult refuse(Refusal reason, IngestResult result) {
    counters.refused(reason).increment();
    return result;
  }

  private long nowNanos() {
    var now = clock.instant();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }

  private static String textOf(IOException e) {
    String text = e.getMessage();
    return text == null ? e.getClass().getSimpleName().toLowerCase(Locale.ROOT) : text;
  }
}
