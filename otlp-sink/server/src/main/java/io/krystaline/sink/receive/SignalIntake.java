package io.krystaline.sink.receive;

import io.krystaline.engine.decode.CountResult;
import io.krystaline.engine.decode.Signal;
import io.krystaline.engine.decode.SignalCounter;
import io.krystaline.sink.pipeline.Ingest;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.MessageSource;
import io.krystaline.sink.pipeline.MessageTooLargeException;
import io.krystaline.sink.pipeline.Transport;
import java.io.IOException;

/**
 * Takes one export request of any signal from any transport: traces go on to the pipeline, metrics
 * and logs are checked and counted. Thread-safe; never blocks on I/O.
 */
public final class SignalIntake {
  /** What a thread keeps of its buffer between messages. */
  private static final int KEPT_BYTES_MAX = 1024 * 1024;

  private final Ingest ingest;
  private final ReceiverMetrics metrics;
  private final SignalCounter dataPoints = new SignalCounter(Signal.METRICS);
  private final SignalCounter logRecords = new SignalCounter(Signal.LOGS);
  private final ThreadLocal<ReceiveBuffer> buffers;

  /**
   * An intake in front of a pipeline.
   *
   * @param messageBytesMax limit of one message of metrics or logs, once decompressed; the pipeline
   *     has its own for traces
   */
  public SignalIntake(Ingest ingest, ReceiverMetrics metrics, int messageBytesMax) {
    this.ingest = ingest;
    this.metrics = metrics;
    this.buffers = ThreadLocal.withInitial(() -> new ReceiveBuffer(messageBytesMax));
  }

  /** Takes a message that its source gives as protobuf, decompressed. */
  IngestResult offer(ExportEndpoint endpoint, Transport transport, MessageSource source) {
    return switch (endpoint) {
      case TRACES -> ingest.offer(transport, source);
      case METRICS, LOGS -> count(endpoint, transport, source);
    };
  }

  private IngestResult count(ExportEndpoint endpoint, Transport transport, MessageSource source) {
    ReceiveBuffer buffer = buffers.get();
    try {
      source.copyTo(buffer);
      SignalCounter counter = endpoint == ExportEndpoint.METRICS ? dataPoints : logRecords;
      return switch (counter.count(buffer.array(), 0, buffer.length())) {
        case CountResult.Counted counted -> accept(endpoint, transport, counted.items());
        case CountResult.Malformed malformed -> new IngestResult.Malformed(malformed.message());
      };
    } catch (MessageTooLargeException e) {
      return new IngestResult.TooLarge(e.limitBytes());
    } catch (IOException e) {
      return new IngestResult.Malformed(String.valueOf(e.getMessage()));
    } finally {
      buffer.reset(KEPT_BYTES_MAX);
    }
  }

  private IngestResult accept(ExportEndpoint endpoint, Transport transport, long items) {
    if (endpoint == ExportEndpoint.METRICS) {
      metrics.dataPointsReceived(transport, items);
    } else {
      metrics.logRecordsReceived(transport, items);
    }
    return new IngestResult.Accepted(0, 0, "", null);
  }
}
