package io.krystaline.platform.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The settings below one name, read one by one with their defaults. Every method makes its setting
 * known, gives its value, and throws {@link ConfigException} where the value is not as expected.
 *
 * <p>Names are lower-case words joined by hyphens. Used by one thread, at the start.
 */
public final class ConfigSection {
  private final Config config;
  private final String prefix;

  ConfigSection(Config config, String prefix) {
    this.config = config;
    this.prefix = prefix;
  }

  /** A section within this one. */
  public ConfigSection section(String name) {
    return new ConfigSection(config, prefix + Config.requireName(name) + ".");
  }

  /** A text that is not blank. */
  public String text(String name, String fallback) {
    return single(name, "a text that is not blank", fallback, fallback, ConfigSection::notBlank);
  }

  /** A text that need not be set; a blank one counts as not set. */
  public Optional<String> optionalText(String name) {
    return single(name, "a text, or nothing", "", Optional.empty(), ConfigSection::presentText);
  }

  /** A text that is never shown: not in {@link Config#settings}, not in a message. */
  public Optional<String> secret(String name) {
    return config.read(
        new Config.Declaration(key(name), "one secret text", "", true),
        Optional.empty(),
        raw -> presentText(oneText(raw)));
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String name, boolean fallback) {
    return single(
        name,
        "true or false",
        Boolean.toString(fallback),
        fallback,
        text ->
            switch (text.strip().toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("neither true nor false");
            });
  }

  /** A port; 0 lets the system choose a free one. */
  public int port(String name, int fallback) {
    return whole(name, "a port from 0 to 65535", fallback, 0, 65_535);
  }

  /** A whole number from {@code min} to {@code max}, both included. */
  public int integer(String name, int fallback, int min, int max) {
    return whole(name, "a whole number from %d to %d".formatted(min, max), fallback, min, max);
  }

  /** A number from {@code min} to {@code max}, both included; never NaN. */
  public double decimal(String name, double fallback, double min, double max) {
    requireDefault(name, fallback >= min && fallback <= max);
    return single(
        name,
        "a number from %s to %s".formatted(min, max),
        Double.toString(fallback),
        fallback,
        text -> {
          double value = Double.parseDouble(text.strip());
          require(value >= min && value <= max);
          return value;
        });
  }

  /** A duration that is not negative, such as {@code 500ms}, {@code 5s}, {@code 30d}. */
  public Duration duration(String name, Duration fallback) {
    return duration(name, fallback, Duration.ZERO, Duration.ofNanos(Long.MAX_VALUE));
  }

  /** A duration from {@code min} to {@code max}, both included. */
  public Duration duration(String name, Duration fallback, Duration min, Duration max) {
    requireDefault(name, fallback.compareTo(min) >= 0 && fallback.compareTo(max) <= 0);
    String range =
        min.isZero() && max.toNanos() == Long.MAX_VALUE
            ? ""
            : " from %s to %s".formatted(Quantities.text(min), Quantities.text(max));
    return single(
        name,
        "a duration%s such as 500ms, 5s or 30d".formatted(range),
        Quantities.text(fallback),
        fallback,
        text -> {
          Duration value = Quantities.duration(text);
          require(value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
          return value;
        });
  }

  /** A size in bytes, such as {@code 64MiB}; the default is written in the same way. */
  public long bytes(String name, String fallback) {
    return bytes(name, fallback, 0, Long.MAX_VALUE);
  }

  /** A size from {@code min} to {@code max} bytes, both included. */
  public long bytes(String name, String fallback, long min, long max) {
    long fallbackBytes = Quantities.bytes(fallback);
    requireDefault(name, fallbackBytes >= min && fallbackBytes <= max);
    String range = max == Long.MAX_VALUE ? "" : " from %d to %d bytes".formatted(min, max);
    return single(
        name,
        "a size%s such as 512KiB or 64MiB".formatted(range),
        fallback,
        fallbackBytes,
        text -> {
          long value = Quantities.bytes(text);
          require(value >= min && value <= max);
          return value;
        });
  }

  /** A path of a file or a folder; a relative one is taken from the working directory. */
  public Path path(String name, Path fallback) {
    return single(
        name, "a path", fallback.toString(), fallback, text -> Path.of(notBlank(text).strip()));
  }

  /** A path that need not be set; a blank one counts as not set. */
  public Optional<Path> optionalPath(String name) {
    return single(
        name, "a path, or nothing", "", Optional.empty(), text -> presentText(text).map(Path::of));
  }

  /** Texts: a list in the file, or one text with commas. May be empty. */
  public List<String> list(String name, List<String> fallback) {
    return config.read(
        new Config.Declaration(
            key(name), "texts separated by commas", String.join(",", fallback), false),
        List.copyOf(fallback),
        RawValue::asItems);
  }

  /** One of the constants of an enum, written in lower case with hyphens. */
  public <E extends Enum<E>> E choice(String name, E fallback) {
    E[] constants = fallback.getDeclaringClass().getEnumConstants();
    return single(
        name,
        "one of "
            + Arrays.stream(constants).map(ConfigSection::word).collect(Collectors.joining(", ")),
        word(fallback),
        fallback,
        text ->
            Arrays.stream(constants)
                .filter(constant -> word(constant).equalsIgnoreCase(text.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such choice")));
  }

  private int whole(String name, String expected, int fallback, int min, int max) {
    requireDefault(name, fallback >= min && fallback <= max);
    return single(
        name,
        expected,
        Integer.toString(fallback),
        fallback,
        text -> {
          int value = Integer.parseInt(text.strip().replace("_", ""));
          require(value >= min && value <= max);
          return value;
        });
  }

  private <T> T single(
      String name, String expected, String defaultText, T fallback, Function<String, T> parse) {
    return config.read(
        new Config.Declaration(key(name), expected, defaultText, false),
        fallback,
        raw -> parse.apply(oneText(raw)));
  }

  private String key(String name) {
    return prefix + Config.requireName(name);
  }

  private static String oneText(RawValue raw) {
    String text = raw.text();
    if (text == null) {
      throw new IllegalArgumentException("a list where one value is expected");
    }
    return text;
  }

  private static String notBlank(String text) {
    require(!text.isBlank());
    return text;
  }

  private static Optional<String> presentText(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text.strip());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void require(boolean expected) {
    if (!expected) {
      throw new IllegalArgumentException("out of range");
    }
  }

  private void requireDefault(String name, boolean allowed) {
    if (!allowed) {
      throw new IllegalStateException("the default of " + prefix + name + " is out of its range");
    }
  }
}
