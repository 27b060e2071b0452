package io.krystaline.sink.receive;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.MessageBuffer;
import io.krystaline.sink.pipeline.MessageSource;
import io.krystaline.sink.pipeline.MessageTooLargeException;
import io.krystaline.sink.pipeline.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the Export method of one signal. The request is the stream of the message's bytes, read
 * once inside {@code onMessage} on the event loop; no protobuf object is built.
 */
final class GrpcExportHandler implements ServerCallHandler<InputStream, byte[]> {
  private static final Logger logger = LoggerFactory.getLogger(GrpcExportHandler.class);

  /** Two, so that gRPC sees a second message, and cancels the call for it. */
  private static final int MESSAGES_REQUESTED = 2;

  private final ExportEndpoint endpoint;
  private final SignalIntake intake;
  private final ReceiverMetrics metrics;
  private final int messageBytesMax;

  GrpcExportHandler(
      ExportEndpoint endpoint, SignalIntake intake, ReceiverMetrics metrics, int messageBytesMax) {
    this.endpoint = endpoint;
    this.intake = intake;
    this.metrics = metrics;
    this.messageBytesMax = messageBytesMax;
  }

  @Override
  public ServerCall.Listener<InputStream> startCall(
      ServerCall<InputStream, byte[]> call, Metadata headers) {
    CallTracer tracer = CallTracer.current();
    Export export = new Export(call, tracer);
    if (tracer.isAdmitted()) {
      call.request(MESSAGES_REQUESTED);
    } else {
      export.refuse(
          Refusal.unavailable("too many calls are under way, try again", CallTracer.RETRY_AFTER));
    }
    return export;
  }

  /** One call. The event loop calls it; only {@link #answer} may come from another thread. */
  private final class Export extends ServerCall.Listener<InputStream> implements MessageSource {
    private final ServerCall<InputStream, byte[]> call;
    private final CallTracer tracer;
    private @Nullable InputStream message;
    private @Nullable IngestResult result;
    private boolean closed;

    Export(ServerCall<InputStream, byte[]> call, CallTracer tracer) {
      this.call = call;
      this.tracer = tracer;
      tracer.onOverflow(this::refuse);
    }

    @Override
    public void onMessage(InputStream newMessage) {
      if (closed) {
        return;
      }
      message = newMessage;
      try {
        result = intake.offer(endpoint, Transport.GRPC, this);
      } catch (RuntimeException e) {
        logger.error("a message could not be processed", e);
        refuse(Refusal.of(RefusalReason.INTERNAL, "the message could not be processed"));
      } finally {
        message = null;
      }
    }

    @Override
    public void copyTo(MessageBuffer target) throws IOException {
      InputStream stream = message;
      if (stream == null) {
        throw new IllegalStateException("a message can be read only while it is offered");
      }
      try {
        target.readFrom(stream);
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED) {
          throw new MessageTooLargeException(messageBytesMax);
        }
        throw e;
      }
    }

    @Override
    public void onHalfClose() {
      if (closed) {
        return;
      }
      switch (result) {
        case null ->
            refuse(Refusal.of(RefusalReason.PROTOCOL, "an export call must have a message"));
        case IngestResult.Accepted accepted -> answerWhenDurable(accepted);
        case IngestResult.Malformed malformed -> refuse(Refusal.of(malformed));
        case IngestResult.TooLarge tooLarge -> refuse(Refusal.of(tooLarge));
        case IngestResult.Unavailable unavailable -> refuse(Refusal.of(unavailable));
      }
    }

    @Override
    public void onCancel() {
      closed = true;
    }

    private void answerWhenDurable(IngestResult.Accepted accepted) {
      CompletableFuture<Void> durable = accepted.durable();
      if (durable == null) {
        answer(accepted, null);
      } else {
        CompletableFuture<Void> _ =
            durable.whenComplete((done, failure) -> answer(accepted, failure));
      }
    }

    private void answer(IngestResult.Accepted accepted, @Nullable Throwable failure) {
      if (call.isCancelled()) {
        return;
      }
      try {
        if (failure != null) {
          refuse(Refusal.ofFailedCommit(failure));
          return;
        }
        call.sendHeaders(new Metadata());
        call.sendMessage(ExportResponse.protobuf(accepted));
        call.close(Status.OK, new Metadata());
      } catch (RuntimeException e) {
        // The call may be cancelled between the check and the answer; the sender is gone then.
        logger.debug("an export could not be answered", e);
      }
    }

    private void refuse(Refusal refusal) {
      closed = true;
      tracer.answered();
      metrics.requestRefused(Transport.GRPC, refusal.reason());
      GrpcCodes.refuse(call, refusal);
    }
  }
}
