package io.krystaline.sink.offline;

import io.krystaline.engine.decode.DecodeResult;
import io.krystaline.engine.decode.JsonTranscoder;
import io.krystaline.engine.decode.Signal;
import io.krystaline.engine.decode.TraceDecoder;
import io.krystaline.engine.decode.TranscodeResult;
import io.krystaline.engine.span.RejectReason;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.sink.offline.ScoreSummary.CorruptPlace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decodes the documents of recordings into span batches, and notes what can't be decoded. Owned by
 * one thread.
 */
final class RecordedSpans {
  private static final int CORRUPT_PLACES_MAX = 100;
  private static final String MALFORMED = "malformed";
  private static final String UNREADABLE = "unreadable";

  /** Receives the spans of one document; the batch is valid only during the call. */
  interface BatchVisitor {
    void onBatch(SpanBatch batch) throws IOException;
  }

  private final TraceDecoder decoder = new TraceDecoder();
  private final JsonTranscoder transcoder;
  private final SpanBatch batch = new SpanBatch();
  private final List<CorruptPlace> corrupt = new ArrayList<>();
  private final Map<String, Long> rejected = new TreeMap<>();

  RecordedSpans(int documentBytesMax) {
    this.transcoder = new JsonTranscoder(Signal.TRACES, documentBytesMax);
  }

  /**
   * Reads a whole recording.
   *
   * @throws IOException if the file can't be opened or its compression is corrupt, or as the
   *     visitor throws it
   */
  void read(Recording recording, BatchVisitor visitor) throws IOException {
    String file = recording.file().toString();
    recording.read(
        new Recording.DocumentVisitor() {
          @Override
          public void onJson(byte[] bytes, int length, long line) throws IOException {
            TranscodeResult result = transcoder.transcode(bytes, 0, length);
            switch (result) {
              case TranscodeResult.Malformed malformed ->
                  note(file, "line " + line, MALFORMED, malformed.message());
              case TranscodeResult.Transcoded protobuf ->
                  decode(protobuf.bytes(), protobuf.length(), file, "line " + line, visitor);
            }
          }

          @Override
          public void onProtobuf(byte[] bytes, int length, long number) throws IOException {
            decode(bytes, length, file, "message " + number, visitor);
          }

          @Override
          public void onUnreadable(String place) {
            note(file, place, UNREADABLE, UNREADABLE);
          }
        });
  }

  /** How many documents and spans could not be used, by reason. */
  Map<String, Long> rejected() {
    return new TreeMap<>(rejected);
  }

  /** The first places that could not be read. */
  List<CorruptPlace> corrupt() {
    return List.copyOf(corrupt);
  }

  private void decode(byte[] bytes, int length, String file, String place, BatchVisitor visitor)
      throws IOException {
    DecodeResult result = decoder.decode(bytes, 0, length, batch);
    if (result instanceof DecodeResult.Malformed malformed) {
      note(file, place, MALFORMED, malformed.message());
      return;
    }
    if (batch.rejectedTotal() > 0) {
      for (RejectReason reason : RejectReason.values()) {
        count(reason.label(), batch.rejected(reason));
      }
    }
    visitor.onBatch(batch);
  }

  private void note(String file, String place, String reason, String message) {
    count(reason, 1);
    if (corrupt.size() < CORRUPT_PLACES_MAX) {
      corrupt.add(new CorruptPlace(file, place, message));
    }
  }

  private void count(String reason, long count) {
    if (count > 0) {
      rejected.merge(reason, count, Long::sum);
    }
  }
}
