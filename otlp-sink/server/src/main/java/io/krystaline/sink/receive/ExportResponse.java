package io.krystaline.sink.receive;

import io.krystaline.sink.pipeline.IngestResult;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;

/**
 * The body of an answer that tells success. The three responses of OTLP have one form on the wire,
 * so the message of traces serves for all.
 */
final class ExportResponse {
  private static final byte[] FULL_SUCCESS = {};

  private ExportResponse() {}

  /** Protobuf: empty for full success, since {@code partial_success} must then be unset. */
  static byte[] protobuf(IngestResult.Accepted accepted) {
    if (isFullSuccess(accepted)) {
      return FULL_SUCCESS;
    }
    return ExportTraceServiceResponse.newBuilder()
        .setPartialSuccess(
            ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(accepted.rejected())
                .setErrorMessage(ClientText.cut(accepted.message())))
        .build()
        .toByteArray();
  }

  static boolean isFullSuccess(IngestResult.Accepted accepted) {
    return accepted.rejected() == 0 && accepted.message().isEmpty();
  }
}
