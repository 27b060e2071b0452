package io.krystaline.sink.offline;

import io.krystaline.engine.score.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Recordings, read once and shown to several detectors, so that they can be compared.
 *
 * @param learn recordings that only teach, in this order
 * @param learnRange spans of those that are wanted, by their start
 * @param files recordings to watch, in this order
 * @param range spans of those that are wanted, by their start
 * @param documentBytesMax the largest document that is read
 */
public record RecordedHistory(
    List<Path> learn,
    TimeRange learnRange,
    List<Path> files,
    TimeRange range,
    int documentBytesMax) {
  public RecordedHistory {
    learn = List.copyOf(learn);
    files = List.copyOf(files);
  }

  /**
   * Shows everything to the detectors, on the calling thread; they are not finished.
   *
   * @return spans that were watched
   * @throws IOException if a file can't be read
   */
  public long replay(List<EventTimeDetector> detectors, Progress progress) throws IOException {
    RecordedSpans spans = new RecordedSpans(documentBytesMax);
    long[] count = new long[2];
    for (Path file : learn) {
      Recording recording = new Recording(file, documentBytesMax);
      progress.start("learn", recording);
      spans.read(
          recording,
          batch -> {
            detectors.forEach(detector -> detector.learn(batch, learnRange));
            progress.update(count[0] += batch.spanCount());
          });
      detectors.forEach(EventTimeDetector::endLearned);
    }
    for (Path file : files) {
      Recording recording = new Recording(file, documentBytesMax);
      progress.start("watch", recording);
      spans.read(
          recording,
          batch -> {
            detectors.forEach(detector -> detector.add(batch, range));
            progress.update(count[1] += batch.spanCount());
          });
    }
    progress.done();
    return count[1];
  }
}
