package io.krystaline.platform.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Header fields in their order, several of one name allowed. Names are compared without regard to
 * case. Immutable, so safe on every thread.
 *
 * <p>A value may hold no control characters other than a tab: header injection is refused here,
 * once.
 */
public final class HttpHeaders {
  private static final HttpHeaders EMPTY = new HttpHeaders(new String[0]);

  /** Name and value alternate. */
  private final String[] pairs;

  private HttpHeaders(String[] pairs) {
    this.pairs = pairs;
  }

  /** No header at all. */
  public static HttpHeaders empty() {
    return EMPTY;
  }

  /**
   * Headers of names and values that alternate.
   *
   * @throws IllegalArgumentException if a value is missing or a name or value is not allowed
   */
  public static HttpHeaders of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a header name has no value");
    }
    for (int index = 0; index < namesAndValues.length; index += 2) {
      check(namesAndValues[index], namesAndValues[index + 1]);
    }
    return new HttpHeaders(namesAndValues.clone());
  }

  /** Headers that the codec has checked already; takes the array over. */
  static HttpHeaders ofChecked(String[] pairs) {
    return pairs.length == 0 ? EMPTY : new HttpHeaders(pairs);
  }

  /** The first value of this name. */
  public Optional<String> first(String name) {
    for (int index = 0; index < pairs.length; index += 2) {
      if (pairs[index].equalsIgnoreCase(name)) {
        return Optional.of(pairs[index + 1]);
      }
    }
    return Optional.empty();
  }

  /** Every value of this name, in order; empty if there is none. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(1);
    for (int index = 0; index < pairs.length; index += 2) {
      if (pairs[index].equalsIgnoreCase(name)) {
        values.add(pairs[index + 1]);
      }
    }
    return List.copyOf(values);
  }

  /** Whether there is a header of this name. */
  public boolean contains(String name) {
    return first(name).isPresent();
  }

  /** Whether a comma-separated list of this name holds the token, in any case. */
  public boolean containsToken(String name, String token) {
    for (int index = 0; index < pairs.length; index += 2) {
      if (pairs[index].equalsIgnoreCase(name)) {
        for (String part : pairs[index + 1].split(",", -1)) {
          if (part.strip().equalsIgnoreCase(token)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** These headers and one more. */
  public HttpHeaders and(String name, String value) {
    check(name, value);
    String[] longer = Arrays.copyOf(pairs, pairs.length + 2);
    longer[pairs.length] = name;
    longer[pairs.length + 1] = value;
    return new HttpHeaders(longer);
  }

  /** These headers and all of the others. */
  public HttpHeaders and(HttpHeaders others) {
    if (others.pairs.length == 0) {
      return this;
    }
    String[] longer = Arrays.copyOf(pairs, pairs.length + others.pairs.length);
    System.arraycopy(others.pairs, 0, longer, pairs.length, others.pairs.length);
    return new HttpHeaders(longer);
  }

  /** These headers without those of this name. */
  public HttpHeaders without(String name) {
    List<String> kept = new ArrayList<>(pairs.length);
    for (int index = 0; index < pairs.length; index += 2) {
      if (!pairs[index].equalsIgnoreCase(name)) {
        kept.add(pairs[index]);
        kept.add(pairs[index + 1]);
      }
    }
    return kept.size() == pairs.length ? this : new HttpHeaders(kept.toArray(String[]::new));
  }

  /** These headers with exactly one of this name. */
  public HttpHeaders with(String name, String value) {
    return without(name).and(name, value);
  }

  /** Calls the visitor with each name and value, in order. */
  public void forEach(BiConsumer<String, String> visitor) {
    for (int index = 0; index < pairs.length; index += 2) {
      visitor.accept(pairs[index], pairs[index + 1]);
    }
  }

  /** How many header fields there are. */
  public int size() {
    return pairs.length / 2;
  }

  private static void check(String name, String value) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a header has an empty name");
    }
    for (int index = 0; index < name.length(); index++) {
      char character = name.charAt(index);
      if (character <= ' ' || character >= 127 || "()<>@,;:\\\"/[]?={}".indexOf(character) >= 0) {
        throw new IllegalArgumentException("not a header name: " + printable(name));
      }
    }
    for (int index = 0; index < value.length(); index++) {
      char character = value.charAt(index);
      if ((character < ' ' && character != '\t') || character == 127 || character > 255) {
        throw new IllegalArgumentException(
            "the value of header " + name + " holds a character that is not allowed");
      }
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?").toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return size() + " headers";
  }
}
