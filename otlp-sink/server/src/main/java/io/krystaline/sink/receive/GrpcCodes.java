package io.krystaline.sink.receive;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import org.jspecify.annotations.Nullable;

/** Answers gRPC calls with refusals. */
final class GrpcCodes {
  private GrpcCodes() {}

  /** Closes a call with the refusal's code, and its details in grpc-status-details-bin. */
  static void refuse(ServerCall<?, ?> call, Refusal refusal) {
    StatusRuntimeException status = StatusProto.toStatusRuntimeException(refusal.status());
    @Nullable Metadata trailers = status.getTrailers();
    call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  static Status status(Refusal refusal) {
    return Status.fromCodeValue(refusal.reason().code().getNumber())
        .withDescription(refusal.message());
  }
}
