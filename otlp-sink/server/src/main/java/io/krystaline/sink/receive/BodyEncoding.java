package io.krystaline.sink.receive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The two encodings of OTLP/HTTP: what a request has, its answer has too. */
enum BodyEncoding {
  PROTOBUF("application/x-protobuf", Transport.HTTP_PROTOBUF),
  JSON("application/json", Transport.HTTP_JSON);

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String TYPE_PREFIX = "type.googleapis.com/";

  private final String mediaType;
  private final Transport transport;

  BodyEncoding(String mediaType, Transport transport) {
    this.mediaType = mediaType;
    this.transport = transport;
  }

  /** The encoding of a media type in lower case, without parameters. */
  static Optional<BodyEncoding> of(String mediaType) {
    for (BodyEncoding encoding : values()) {
      if (encoding.mediaType.equals(mediaType)) {
        return Optional.of(encoding);
      }
    }
    return Optional.empty();
  }

  String mediaType() {
    return mediaType;
  }

  Transport transport() {
    return transport;
  }

  /** The body that tells success. */
  byte[] success(ExportEndpoint endpoint, IngestResult.Accepted accepted) {
    return switch (this) {
      case PROTOBUF -> ExportResponse.protobuf(accepted);
      case JSON -> successJson(endpoint, accepted);
    };
  }

  /** The {@code google.rpc.Status} of a refusal. */
  byte[] refusal(Refusal refusal) {
    return switch (this) {
      case PROTOBUF -> refusal.status().toByteArray();
      case JSON -> refusalJson(refusal);
    };
  }

  private static byte[] successJson(ExportEndpoint endpoint, IngestResult.Accepted accepted) {
    ObjectNode response = MAPPER.createObjectNode();
    if (!ExportResponse.isFullSuccess(accepted)) {
      ObjectNode partial = response.putObject("partialSuccess");
      partial.put(endpoint.rejectedField(), Long.toString(accepted.rejected()));
      partial.put("errorMessage", ClientText.cut(accepted.message()));
    }
    return bytes(response);
  }

  private static byte[] refusalJson(Refusal refusal) {
    ObjectNode status = MAPPER.createObjectNode();
    status.put("code", refusal.reason().code().getNumber());
    status.put("message", refusal.message());
    if (refusal.reason() == RefusalReason.MALFORMED) {
      ObjectNode detail = status.putArray("details").addObject();
      detail.put("@type", TYPE_PREFIX + BadRequest.getDescriptor().getFullName());
      detail.putArray("fieldViolations").addObject().put("description", refusal.message());
    }
    Duration retryAfter = refusal.retryAfter();
    if (retryAfter != null) {
      ObjectNode detail = status.withArray("details").addObject();
      detail.put("@type", TYPE_PREFIX + RetryInfo.getDescriptor().getFullName());
      detail.put("retryDelay", "%d.%09ds".formatted(retryAfter.getSeconds(), retryAfter.getNano()));
    }
    return bytes(status);
  }

  private static byte[] bytes(ObjectNode node) {
    try {
      return MAPPER.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }
}
