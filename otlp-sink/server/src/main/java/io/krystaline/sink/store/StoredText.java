package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;

/**
 * Makes any Java text one that PostgreSQL can hold and index: no NUL, no lone surrogates, a bounded
 * length.
 */
public final class StoredText {
  /**
   * The most UTF-8 bytes of a service's or operation's name that are kept. Two of them fit into an
   * index of PostgreSQL, and the engine tells no more apart.
   */
  public static final int NAME_BYTES_MAX = 1_024;

  /** The most UTF-8 bytes of an explanation or error that are kept. */
  public static final int SENTENCE_BYTES_MAX = 4_096;

  private static final char REPLACEMENT = '\uFFFD';

  private StoredText() {}

  /** The key as it is stored: the same object where nothing has to change. */
  static OperationKey clean(OperationKey key) {
    String service = clean(key.service(), NAME_BYTES_MAX);
    String operation = clean(key.operation(), NAME_BYTES_MAX);
    return service.equals(key.service()) && operation.equals(key.operation())
        ? key
        : new OperationKey(service, operation, key.kind());
  }

  /** The text as it is stored: the same object where nothing has to change. */
  static String clean(String text, int bytesMax) {
    String capped = text.substring(0, end(text, bytesMax));
    for (int i = 0; i < capped.length(); i++) {
      if (isBad(capped, i)) {
        return replaced(capped, i);
      }
    }
    return capped;
  }

  /** Where the text reaches so many UTF-8 bytes; a character is not cut in two. */
  private static int end(String text, int bytesMax) {
    if (text.length() * 3L <= bytesMax) {
      return text.length();
    }
    long bytes = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int point = text.codePointAt(i);
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes > bytesMax) {
        return i;
      }
    }
    return text.length();
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
