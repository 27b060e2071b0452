package io.krystaline.sink.receive;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthGrpc;
import io.krystaline.sink.pipeline.Transport;

/** Lets only calls through that show the token. Health checks need none. */
final class TokenInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final SenderToken token;
  private final ReceiverMetrics metrics;

  TokenInterceptor(SenderToken token, ReceiverMetrics metrics) {
    this.token = token;
    this.metrics = metrics;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    boolean isHealthCheck =
        HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
    if (isHealthCheck || token.matches(headers.get(AUTHORIZATION))) {
      return next.startCall(call, headers);
    }
    CallTracer.current().answered();
    metrics.requestRefused(Transport.GRPC, RefusalReason.UNAUTHENTICATED);
    GrpcCodes.refuse(
        call, Refusal.of(RefusalReason.UNAUTHENTICATED, "the bearer token is missing or wrong"));
    return new ServerCall.Listener<>() {};
  }
}
