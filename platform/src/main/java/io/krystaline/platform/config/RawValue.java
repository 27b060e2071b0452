package io.krystaline.platform.config;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value as it was written, before it has a type. Exactly one of {@code text} and {@code items} is
 * given; neither stands for a key that was written with nothing behind it.
 */
record RawValue(@Nullable String text, @Nullable List<String> items, SettingSource source) {
  static RawValue ofText(String text, SettingSource source) {
    return new RawValue(text, null, source);
  }

  static RawValue ofItems(List<String> items, SettingSource source) {
    return new RawValue(null, List.copyOf(items), source);
  }

  static RawValue ofNothing(SettingSource source) {
    return new RawValue(null, null, source);
  }

  boolean isNothing() {
    return text == null && items == null;
  }

  /** Whether nothing or an empty text was written. */
  boolean isBlank() {
    return items == null && (text == null || text.isBlank());
  }

  /** One line for messages. */
  String shown() {
    if (items != null) {
      return String.join(",", items);
    }
    return text == null ? "" : text;
  }

  /** A list in the file as it is; a text split at its commas, blanks around items dropped. */
  List<String> asItems() {
    if (items != null) {
      return items;
    }
    if (text == null) {
      return List.of();
    }
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }
}
