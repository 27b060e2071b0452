package io.krystaline.platform.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The places where settings are looked for. Only system properties that begin with {@code
 * krystaline.} and environment variables that begin with {@code KRYSTALINE_} are kept.
 *
 * <p>These names are used by the launcher, the build and the tests and are no settings: the
 * variables {@code KRYSTALINE_CONFIG} (the configuration file), {@code KRYSTALINE_JAVA_HOME},
 * {@code KRYSTALINE_JAVA_OPTS}, {@code KRYSTALINE_PEERS} (where test peers are kept), {@code
 * KRYSTALINE_SHARED} (where recordings for tests are kept), and the properties below {@code
 * krystaline.launcher.}. An environment variable with an empty value counts as not set.
 *
 * @param file a YAML file, or null for none
 * @param systemProperties key without the prefix to value
 * @param environment variable name to value
 * @param overrides key to value, from the command line
 */
public record ConfigSources(
    @Nullable Path file,
    Map<String, String> systemProperties,
    Map<String, String> environment,
    Map<String, String> overrides) {
  static final String PROPERTY_PREFIX = "krystaline.";
  static final String ENVIRONMENT_PREFIX = "KRYSTALINE_";

  private static final String FILE_VARIABLE = "KRYSTALINE_CONFIG";
  private static final String LAUNCHER_PROPERTY_PREFIX = PROPERTY_PREFIX + "launcher.";
  private static final Set<String> NOT_SETTINGS =
      Set.of(
          FILE_VARIABLE,
          "KRYSTALINE_JAVA_HOME",
          "KRYSTALINE_JAVA_OPTS",
          "KRYSTALINE_PEERS",
          "KRYSTALINE_SHARED");

  /** Copies the maps. */
  public ConfigSources {
    systemProperties = Map.copyOf(systemProperties);
    environment = Map.copyOf(environment);
    overrides = Map.copyOf(overrides);
  }

  /** No file, no property, no variable: defaults and the given overrides only. */
  public static ConfigSources ofOverrides(Map<String, String> overrides) {
    return new ConfigSources(null, Map.of(), Map.of(), overrides);
  }

  /**
   * The sources of this process.
   *
   * @param file the file that the command names; without it {@code KRYSTALINE_CONFIG} is used, and
   *     without that there is none
   * @param overrides settings given as options of the command, by full key
   */
  public static ConfigSources ofProcess(@Nullable Path file, Map<String, String> overrides) {
    Map<String, String> properties = new HashMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      String value = System.getProperty(name);
      if (value != null) {
        properties.put(name, value);
      }
    }
    return of(file, properties, System.getenv(), overrides);
  }

  static ConfigSources of(
      @Nullable Path file,
      Map<String, String> allProperties,
      Map<String, String> allVariables,
      Map<String, String> overrides) {
    Map<String, String> properties = new HashMap<>();
    allProperties.forEach(
        (name, value) -> {
          if (name.startsWith(PROPERTY_PREFIX) && !name.startsWith(LAUNCHER_PROPERTY_PREFIX)) {
            properties.put(name.substring(PROPERTY_PREFIX.length()), value);
          }
        });
    Map<String, String> variables = new HashMap<>();
    allVariables.forEach(
        (name, value) -> {
          if (name.startsWith(ENVIRONMENT_PREFIX)
              && !NOT_SETTINGS.contains(name)
              && !value.isEmpty()) {
            variables.put(name, value);
          }
        });
    String fileVariable = allVariables.getOrDefault(FILE_VARIABLE, "");
    Path chosen = file == null && !fileVariable.isEmpty() ? Path.of(fileVariable) : file;
    return new ConfigSources(chosen, properties, variables, overrides);
  }
}
