package io.krystaline.sink.receive;

/**
 * Makes texts safe to send: parts of them may come from a sender, and the whole must stay short.
 */
final class ClientText {
  private static final int CHARS_MAX = 256;

  private ClientText() {}

  /** The text, cut to 256 characters, control characters and surrogates replaced. */
  static String cut(String text) {
    StringBuilder cleaned = new StringBuilder(Math.min(text.length(), CHARS_MAX));
    for (int index = 0; index < text.length() && cleaned.length() < CHARS_MAX; index++) {
      char character = text.charAt(index);
      boolean safe = !Character.isISOControl(character) && !Character.isSurrogate(character);
      cleaned.append(safe ? character : '?');
    }
    return cleaned.toString();
  }
}
