package io.krystaline.sink.traffic;

/** What all spans of an operation have in common, encoded: once for good ones, once for failed. */
final class EncodedFields {
  private final byte[] good;
  private final byte[] failed;

  /** Takes the arrays over; they must not be changed afterwards. */
  EncodedFields(byte[] good, byte[] failed) {
    this.good = good;
    this.failed = failed;
  }

  /** Copies the fields into a span. */
  void write(ProtobufWriter span, boolean asFailed) {
    byte[] fields = asFailed ? failed : good;
    span.raw(fields, fields.length);
  }
}
