package io.krystaline.engine.decode;

/** What became of one JSON document. */
public sealed interface TranscodeResult {

  /**
   * The document is OTLP/JSON, here are its protobuf bytes from position 0.
   *
   * @param bytes the transcoder's own buffer, valid until its next document; not copied
   * @param length how many of its bytes are the message, 0 or more
   */
  // The array is lent on purpose: a copy would double the cost of a large document.
  @SuppressWarnings("ArrayRecordComponent")
  record Transcoded(byte[] bytes, int length) implements TranscodeResult {}

  /**
   * The document is no OTLP/JSON, or its protobuf form is over the limit.
   *
   * @param message a short English reason with the position, without any of the sender's data
   */
  record Malformed(String message) implements TranscodeResult {}
}
