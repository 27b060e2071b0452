package io.krystaline.sink.receive;

import com.google.rpc.Code;

/** Why a whole request is refused, with the code that each transport gives for it. */
public enum RefusalReason {
  /** The bytes are no OTLP message, or do not fit their compression's name. */
  MALFORMED("malformed", Code.INVALID_ARGUMENT, 400),
  /** Over the size limit, on the wire or once decompressed. */
  TOO_LARGE("too_large", Code.RESOURCE_EXHAUSTED, 413),
  /** Overload, a store that is away, or a sink that is stopping: try again later. */
  UNAVAILABLE("unavailable", Code.UNAVAILABLE, 503),
  /** The bearer token is missing or wrong. */
  UNAUTHENTICATED("unauthenticated", Code.UNAUTHENTICATED, 401),
  /** A web page of an origin that is not on the list. */
  FORBIDDEN("forbidden", Code.PERMISSION_DENIED, 403),
  /** No such path or gRPC method. */
  NOT_FOUND("not_found", Code.UNIMPLEMENTED, 404),
  /** The path is known, the HTTP method is not POST. */
  METHOD_NOT_ALLOWED("method_not_allowed", Code.UNIMPLEMENTED, 405),
  /** A content type or content coding that is not offered. */
  UNSUPPORTED_TYPE("unsupported_type", Code.INVALID_ARGUMENT, 415),
  /** A call that does not follow the protocol, as with two messages in one. */
  PROTOCOL("protocol", Code.INTERNAL, 400),
  /** A defect of the sink. */
  INTERNAL("internal", Code.INTERNAL, 500);

  private final String label;
  private final Code code;
  private final int httpStatus;

  RefusalReason(String label, Code code, int httpStatus) {
    this.label = label;
    this.code = code;
    this.httpStatus = httpStatus;
  }

  /** The value of the {@code reason} label in metrics. */
  public String label() {
    return label;
  }

  /** The code in the {@code google.rpc.Status} on both transports. */
  Code code() {
    return code;
  }

  int httpStatus() {
    return httpStatus;
  }

  /** The reason that stands for an answer's status; the general ones where none fits exactly. */
  static RefusalReason ofHttpStatus(int status) {
    for (RefusalReason reason : values()) {
      if (reason.httpStatus == status) {
        return reason;
      }
    }
    return status < 500 ? MALFORMED : INTERNAL;
  }
}
