package io.krystaline.sink.receive;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.krystaline.sink.pipeline.Transport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Follows one call below the level of messages: counts the bytes of a message while it arrives
 * against the {@link CallBudget}, and the messages that gRPC refuses for their size before the
 * handler sees them. All calls of a stream come on its event loop.
 */
final class CallTracer extends ServerStreamTracer {
  private static final Context.Key<CallTracer> KEY = Context.key("krystaline-call");
  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Answers a call before its message is whole. */
  interface Abort {
    void abort(Refusal refusal);
  }

  /** Makes a tracer for each call. */
  static final class Factory extends ServerStreamTracer.Factory {
    private final CallBudget budget;
    private final ReceiverMetrics metrics;

    Factory(CallBudget budget, ReceiverMetrics metrics) {
      this.budget = budget;
      this.metrics = metrics;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
      return new CallTracer(budget, metrics);
    }
  }

  private final CallBudget budget;
  private final ReceiverMetrics metrics;
  private final boolean admitted;
  private long pendingBytes;
  private @Nullable Abort abort;
  private boolean answered;

  private CallTracer(CallBudget budget, ReceiverMetrics metrics) {
    this.budget = budget;
    this.metrics = metrics;
    this.admitted = budget.enter();
  }

  /** The tracer of the call that is being started on this thread. */
  static CallTracer current() {
    return KEY.get();
  }

  /** Whether the call may be served; a call too many is to be refused at once. */
  boolean isAdmitted() {
    return admitted;
  }

  /** How to answer the call if its message must not be waited for. */
  void onOverflow(Abort newAbort) {
    abort = newAbort;
  }

  /** The handler answers, and counts, the call itself. */
  void answered() {
    answered = true;
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void inboundWireSize(long bytes) {
    pendingBytes += bytes;
    if (!budget.add(bytes) && abort != null) {
      Abort target = abort;
      abort = null;
      target.abort(
          Refusal.unavailable("too many bytes are being received, try again", RETRY_AFTER));
    }
  }

  @Override
  public void inboundMessageRead(int sequence, long wireBytes, long uncompressedBytes) {
    release();
  }

  @Override
  public void streamClosed(Status status) {
    budget.leave();
    release();
    if (!answered && status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
      metrics.requestRefused(Transport.GRPC, RefusalReason.TOO_LARGE);
    }
  }

  private void release() {
    budget.release(pendingBytes);
    pendingBytes = 0;
  }
}
