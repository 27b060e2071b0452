package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;

/**
 * Makes any Java text one that PostgreSQL can hold and index: no NUL, no lone surrogates, a bounded
 * length.
 */
public final class StoredText {
  /** The most UTF-16 units of a service name that are kept. */
  public static final int SERVICE_LENGTH_MAX = 255;

  /** The most UTF-16 units of an operation name that are kept. */
  public static final int OPERATION_LENGTH_MAX = 512;

  /** The most UTF-16 units of an explanation or error that are kept. */
  public static final int SENTENCE_LENGTH_MAX = 4_096;

  private static final char REPLACEMENT = '\uFFFD';

  private StoredText() {}

  /** The key as it is stored: the same object where nothing has to change. */
  static OperationKey clean(OperationKey key) {
    String service = clean(key.service(), SERVICE_LENGTH_MAX);
    String operation = clean(key.operation(), OPERATION_LENGTH_MAX);
    return service.equals(key.service()) && operation.equals(key.operation())
        ? key
        : new OperationKey(service, operation, key.kind());
  }

  /** The text as it is stored: the same object where nothing has to change. */
  static String clean(String text, int lengthMax) {
    String capped = text.length() <= lengthMax ? text : text.substring(0, cut(text, lengthMax));
    for (int i = 0; i < capped.length(); i++) {
      if (isBad(capped, i)) {
        return replaced(capped, i);
      }
    }
    return capped;
  }

  /** A surrogate pair is not cut in two. */
  private static int cut(String text, int lengthMax) {
    return Character.isHighSurrogate(text.charAt(lengthMax - 1)) ? lengthMax - 1 : lengthMax;
  }

  private static boolean isBad(String text, int index) {
    char c = text.charAt(index);
    if (c == 0) {
      return true;
    }
    if (Character.isHighSurrogate(c)) {
      return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
    }
    return Character.isLowSurrogate(c)
        && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
  }

  private static String replaced(String text, int firstBad) {
    StringBuilder builder = new StringBuilder(text);
    for (int i = firstBad; i < text.length(); i++) {
      if (isBad(text, i)) {
        builder.setCharAt(i, REPLACEMENT);
      }
    }
    return builder.toString();
  }
}
