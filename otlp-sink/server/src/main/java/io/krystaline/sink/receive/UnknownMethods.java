package io.krystaline.sink.receive;

import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.krystaline.sink.pipeline.Transport;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Answers calls of methods that are not served, without telling their names back. */
final class UnknownMethods extends HandlerRegistry {
  private final ReceiverMetrics metrics;

  UnknownMethods(ReceiverMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String methodName, @Nullable String authority) {
    return ServerMethodDefinition.create(
        MethodDescriptor.<InputStream, byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNKNOWN)
            .setFullMethodName(methodName)
            .setRequestMarshaller(BytesMarshallers.REQUEST)
            .setResponseMarshaller(BytesMarshallers.RESPONSE)
            .build(),
        (call, headers) -> {
          CallTracer.current().answered();
          metrics.requestRefused(Transport.GRPC, RefusalReason.NOT_FOUND);
          GrpcCodes.refuse(call, Refusal.of(RefusalReason.NOT_FOUND, "no such method"));
          return new ServerCall.Listener<>() {};
        });
  }
}
