package io.krystaline.bench.send;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;

/** Reads responses of receivers that accepted a message, in whole or in part. */
final class ExportResponses {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ExportResponses() {}

  /** What a response in protobuf says; an empty one, or an empty partial success, is all well. */
  static Answer protobuf(byte[] response) {
    if (response.length == 0) {
      return Answer.ACCEPTED;
    }
    try {
      ExportTracePartialSuccess partial =
          ExportTraceServiceResponse.parseFrom(response).getPartialSuccess();
      return partial.getRejectedSpans() == 0
          ? Answer.ACCEPTED
          : new Answer(Answer.Kind.ACCEPTED, partial.getRejectedSpans(), partial.getErrorMessage());
    } catch (InvalidProtocolBufferException e) {
      return Answer.failed("unreadable response: " + e.getMessage());
    }
  }

  /** What a response in JSON says. */
  static Answer json(byte[] response) {
    try {
      JsonNode partial = JSON.readTree(response).path("partialSuccess");
      // 64-bit numbers are text in protobuf's JSON.
      long rejected = partial.path("rejectedSpans").asLong();
      return rejected == 0
          ? Answer.ACCEPTED
          : new Answer(Answer.Kind.ACCEPTED, rejected, partial.path("errorMessage").asText());
    } catch (IOException e) {
      return Answer.failed("unreadable response: " + e.getMessage());
    }
  }
}
