package io.krystaline.sink.receive;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Reads what a gRPC client is told with a refusal. */
final class GrpcRefusals {
  private GrpcRefusals() {}

  static StatusRuntimeException refusalOf(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call);
  }

  static com.google.rpc.Status details(StatusRuntimeException refusal) {
    return Objects.requireNonNull(StatusProto.fromThrowable(refusal));
  }

  static boolean hasRetryInfo(StatusRuntimeException refusal) {
    return details(refusal).getDetailsList().stream()
        .anyMatch(detail -> detail.is(RetryInfo.class));
  }

  static Duration retryDelay(StatusRuntimeException refusal) throws InvalidProtocolBufferException {
    RetryInfo info = details(refusal).getDetails(0).unpack(RetryInfo.class);
    return Duration.ofSeconds(info.getRetryDelay().getSeconds(), info.getRetryDelay().getNanos());
  }
}
