package io.krystaline.platform.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a process. A part reads its section into its own record; what was read is known,
 * and {@link #refuseUnknown} then refuses whatever was set and is not known.
 *
 * <p>A stronger source hides a weaker one: command line, then environment, then system property,
 * then file, then the default. Used by one thread, at the start.
 *
 * <pre>{@code
 * Config config = Config.of(ConfigSources.ofProcess(null, Map.of()));
 * int port = config.section("receive").port("otlp-grpc-port", 4317);
 * config.refuseUnknown();
 * }</pre>
 */
public final class Config {
  private static final String MASK = "***";

  private final ConfigSources sources;
  private final Map<String, RawValue> fileValues;
  private final Map<String, Setting> known = new TreeMap<>();
  private final Map<String, String> keyByVariable = new HashMap<>();

  private Config(ConfigSources sources, Map<String, RawValue> fileValues) {
    this.sources = sources;
    this.fileValues = fileValues;
  }

  /**
   * Reads the file, if there is one.
   *
   * @throws ConfigException if the file cannot be read or is no YAML mapping
   */
  public static Config of(ConfigSources sources) {
    return new Config(sources, sources.file() == null ? Map.of() : YamlFile.read(sources.file()));
  }

  /** The settings whose keys begin with {@code name} and a dot. */
  public ConfigSection section(String name) {
    return new ConfigSection(this, requireName(name) + ".");
  }

  /** The settings that stand in no section. */
  public ConfigSection root() {
    return new ConfigSection(this, "");
  }

  /** Every setting that was read so far, sorted by key, with secrets masked. */
  public List<Setting> settings() {
    return List.copyOf(known.values());
  }

  /**
   * Refuses keys of the file, system properties, environment variables and overrides that no part
   * has read. Call it once, after every part has read its section.
   *
   * @throws ConfigException naming every unknown key, where it is set, and the nearest known one
   */
  public void refuseUnknown() {
    Set<String> problems = new TreeSet<>();
    fileValues.forEach(
        (key, value) -> {
          if (!known.containsKey(key) && !(value.isBlank() && isSection(key))) {
            problems.add("%s in %s%s".formatted(key, sources.file(), suggestion(key)));
          }
        });
    for (String key : sources.systemProperties().keySet()) {
      if (!known.containsKey(key)) {
        problems.add(
            "system property %s%s%s"
                .formatted(ConfigSources.PROPERTY_PREFIX, key, suggestion(key)));
      }
    }
    for (String variable : sources.environment().keySet()) {
      if (!keyByVariable.containsKey(variable)) {
        problems.add(
            "environment variable %s%s"
                .formatted(variable, nearest(variable, keyByVariable.keySet())));
      }
    }
    for (String key : sources.overrides().keySet()) {
      if (!known.containsKey(key)) {
        problems.add("%s on the command line%s".formatted(key, suggestion(key)));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException("unknown setting: " + String.join("; ", problems));
    }
  }

  /** What a setting is, apart from how its text is read. */
  record Declaration(String key, String expected, String defaultText, boolean secret) {}

  /**
   * Makes a setting known and gives its value.
   *
   * @param parse answers the value, or throws IllegalArgumentException if it is not as expected
   */
  <T> T read(Declaration declaration, T fallback, Function<RawValue, T> parse) {
    RawValue raw = find(declaration.key());
    remember(declaration, raw);
    if (raw == null) {
      return fallback;
    }
    if (raw.isNothing()) {
      throw refusal(declaration, raw, null);
    }
    try {
      return parse.apply(raw);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw refusal(declaration, raw, e);
    }
  }

  private @Nullable RawValue find(String key) {
    String override = sources.overrides().get(key);
    if (override != null) {
      return RawValue.ofText(override, SettingSource.COMMAND_LINE);
    }
    String variable = sources.environment().get(Setting.environmentVariable(key));
    if (variable != null) {
      return RawValue.ofText(variable, SettingSource.ENVIRONMENT);
    }
    String property = sources.systemProperties().get(key);
    if (property != null) {
      return RawValue.ofText(property, SettingSource.SYSTEM_PROPERTY);
    }
    return fileValues.get(key);
  }

  private void remember(Declaration declaration, @Nullable RawValue raw) {
    String key = declaration.key();
    String value = raw == null ? declaration.defaultText() : raw.shown();
    Setting setting =
        new Setting(
            key,
            declaration.expected(),
            masked(declaration, declaration.defaultText()),
            masked(declaration, value),
            raw == null ? SettingSource.DEFAULT : raw.source());
    Setting before = known.put(key, setting);
    if (before != null && !before.equals(setting)) {
      throw new IllegalStateException("setting " + key + " is declared twice, in different ways");
    }
    String owner = keyByVariable.putIfAbsent(setting.environmentVariable(), key);
    if (owner != null && !owner.equals(key)) {
      throw new IllegalStateException(
          "settings %s and %s share the variable %s"
              .formatted(owner, key, setting.environmentVariable()));
    }
  }

  private static String masked(Declaration declaration, String text) {
    return declaration.secret() && !text.isEmpty() ? MASK : text;
  }

  private ConfigException refusal(
      Declaration declaration, RawValue raw, @Nullable RuntimeException cause) {
    String value = raw.isNothing() ? "no value" : "'" + masked(declaration, raw.shown()) + "'";
    String message =
        "%s (%s) is %s, expected %s"
            .formatted(
                place(declaration.key(), raw.source()),
                raw.source().label(),
                value,
                declaration.expected());
    // The cause of a bad secret may repeat the secret.
    return cause == null || declaration.secret()
        ? new ConfigException(message)
        : new ConfigException(message, cause);
  }

  private static String place(String key, SettingSource source) {
    return switch (source) {
      case ENVIRONMENT -> Setting.environmentVariable(key);
      case SYSTEM_PROPERTY -> ConfigSources.PROPERTY_PREFIX + key;
      case DEFAULT, FILE, COMMAND_LINE -> key;
    };
  }

  private boolean isSection(String key) {
    return known.keySet().stream().anyMatch(other -> other.startsWith(key + "."));
  }

  private String suggestion(String key) {
    return nearest(key, known.keySet());
  }

  private static String nearest(String name, Set<String> candidates) {
    List<String> close = new ArrayList<>();
    int best = Math.max(2, name.length() / 5) + 1;
    for (String candidate : new TreeSet<>(candidates)) {
      int distance = EditDistance.between(name, candidate, best);
      if (distance < best) {
        close.clear();
        best = distance;
        close.add(candidate);
      }
    }
    return close.isEmpty() ? "" : " (did you mean " + close.getFirst() + "?)";
  }

  static String requireName(String name) {
    if (!name.matches("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*")) {
      throw new IllegalArgumentException("not a setting name: " + name);
    }
    return name;
  }
}
