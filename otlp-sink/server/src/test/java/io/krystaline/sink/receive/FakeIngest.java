package io.krystaline.sink.receive;

import com.google.protobuf.InvalidProtocolBufferException;
import io.krystaline.sink.pipeline.Ingest;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.MessageSource;
import io.krystaline.sink.pipeline.MessageTooLargeException;
import io.krystaline.sink.pipeline.Transport;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A pipeline that reads messages with protobuf-java, keeps them, and answers as the real one does,
 * unless a test changes the answer.
 */
final class FakeIngest implements Ingest {
  private final int messageBytesMax;
  private final List<ExportTraceServiceRequest> messages = new CopyOnWriteArrayList<>();
  private final Map<Transport, Long> spans = new ConcurrentHashMap<>();
  private final List<String> threads = new CopyOnWriteArrayList<>();
  private volatile UnaryOperator<IngestResult> answer = UnaryOperator.identity();

  FakeIngest(int messageBytesMax) {
    this.messageBytesMax = messageBytesMax;
  }

  /** Changes what is answered to messages that were read well. */
  void answerWith(UnaryOperator<IngestResult> newAnswer) {
    answer = newAnswer;
  }

  List<ExportTraceServiceRequest> messages() {
    return messages;
  }

  /** How many spans were accepted. */
  long spans(Transport transport) {
    return spans.getOrDefault(transport, 0L);
  }

  /** The names of the threads that offered messages. */
  List<String> threads() {
    return threads;
  }

  @Override
  public IngestResult offer(Transport transport, MessageSource source) {
    threads.add(Thread.currentThread().getName());
    ReceiveBuffer buffer = new ReceiveBuffer(messageBytesMax);
    try {
      source.copyTo(buffer);
      byte[] bytes = Arrays.copyOf(buffer.array(), buffer.length());
      ExportTraceServiceRequest message = ExportTraceServiceRequest.parseFrom(bytes);
      IngestResult result = answer.apply(accept(message));
      if (result instanceof IngestResult.Accepted accepted) {
        messages.add(message);
        spans.merge(transport, (long) accepted.spans(), Long::sum);
      }
      return result;
    } catch (MessageTooLargeException e) {
      return new IngestResult.TooLarge(e.limitBytes());
    } catch (InvalidProtocolBufferException e) {
      return new IngestResult.Malformed("the message is cut off");
    } catch (IOException e) {
      return new IngestResult.Malformed(String.valueOf(e.getMessage()));
    }
  }

  private static IngestResult accept(ExportTraceServiceRequest message) {
    int accepted = 0;
    int rejected = 0;
    for (ResourceSpans resource : message.getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          boolean valid = span.getTraceId().size() == 16 && span.getSpanId().size() == 8;
          accepted += valid ? 1 : 0;
          rejected += valid ? 0 : 1;
        }
      }
    }
    String text = rejected == 0 ? "" : rejected + " spans have invalid ids";
    return new IngestResult.Accepted(accepted, rejected, text, null);
  }
}
