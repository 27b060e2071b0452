package io.krystaline.engine.decode;

/** What became of one message: taken in whole, or refused whole. */
public sealed interface DecodeResult {

  /** The one instance of {@link Decoded}, so that a good message costs no object. */
  Decoded DECODED = new Decoded();

  /** The message is well-formed and the batch holds its spans. */
  record Decoded() implements DecodeResult {}

  /**
   * The message is no OTLP message; the batch is empty.
   *
   * @param message a short English reason with the position, without any of the sender's data
   */
  record Malformed(String message) implements DecodeResult {}
}
