package io.krystaline.platform.json;

/**
 * How large a JSON document may be that is read.
 *
 * @param documentLengthMax characters (bytes, where read from bytes) of one document
 * @param depthMax levels of objects and arrays
 * @param stringLengthMax characters of one text
 * @param nameLengthMax characters of one name
 * @param numberLengthMax characters of one number
 */
public record JsonBounds(
    long documentLengthMax,
    int depthMax,
    int stringLengthMax,
    int nameLengthMax,
    int numberLengthMax) {
  /** For requests of the API and for answers of peers: 16 MiB, 64 levels, texts of 1 MiB. */
  public static final JsonBounds DEFAULT = new JsonBounds(16 << 20, 64, 1 << 20, 1_000, 100);

  /** Every bound must be positive. */
  public JsonBounds {
    if (documentLengthMax <= 0
        || depthMax <= 0
        || stringLengthMax <= 0
        || nameLengthMax <= 0
        || numberLengthMax <= 0) {
      throw new IllegalArgumentException("bounds of JSON must be positive");
    }
  }
}
