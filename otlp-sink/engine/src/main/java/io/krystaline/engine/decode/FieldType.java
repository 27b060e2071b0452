package io.krystaline.engine.decode;

/** The protobuf types that OTLP uses, each with its wire type and its form in JSON. */
enum FieldType {
  STRING(Wire.DELIMITED),
  /** Bytes that JSON writes as base64. */
  BYTES(Wire.DELIMITED),
  /** Bytes that OTLP/JSON writes as hex digits: trace and span ids. */
  ID(Wire.DELIMITED),
  MESSAGE(Wire.DELIMITED),
  BOOL(Wire.VARINT),
  INT32(Wire.VARINT),
  UINT32(Wire.VARINT),
  SINT32(Wire.VARINT),
  INT64(Wire.VARINT),
  UINT64(Wire.VARINT),
  ENUM(Wire.VARINT),
  FIXED32(Wire.FIXED32),
  FIXED64(Wire.FIXED64),
  SFIXED64(Wire.FIXED64),
  DOUBLE(Wire.FIXED64);

  private final int wireType;

  FieldType(int wireType) {
    this.wireType = wireType;
  }

  /** The wire type of one value. */
  int wireType() {
    return wireType;
  }

  /** Whether it is a varint of 32 bits, which is read more strictly than one of 64 bits. */
  boolean narrowVarint() {
    return this == INT32 || this == UINT32 || this == SINT32 || this == ENUM;
  }

  /** Whether several values may be packed into one length-delimited field. */
  boolean packable() {
    return wireType != Wire.DELIMITED;
  }
}
