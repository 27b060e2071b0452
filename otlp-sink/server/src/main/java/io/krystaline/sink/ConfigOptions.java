package io.krystaline.sink;

import io.krystaline.platform.config.Config;
import io.krystaline.platform.config.ConfigSources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that stand for settings; on the command line they win over file, system property and
 * environment.
 */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings, YAML. Each can also be given as -Dkrystaline.KEY=VALUE or"
              + " KRYSTALINE_KEY=VALUE.")
  private @Nullable Path file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory, made where missing (default: ~/.local/share/krystaline).")
  private @Nullable Path data;

  @Option(
      names = "--database-url",
      paramLabel = "URL",
      description =
          "An external PostgreSQL instead of the embedded one:"
              + " postgresql://user:password@host/database")
  private @Nullable String databaseUrl;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any setting by its key; repeatable. 'sink --list-settings' prints them.")
  private Map<String, String> settings = new LinkedHashMap<>();

  private final List<Map.Entry<String, String>> overrides = new ArrayList<>();

  /** Adds a setting that an option of the command stands for, if the option was given. */
  void override(String key, @Nullable Object value) {
    if (value != null) {
      overrides.add(Map.entry(key, value.toString()));
    }
  }

  /** The settings given one by one, with those of the command's own options. */
  Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>(settings);
    overrides.forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    return all;
  }

  Config read() {
    return read(file, settings());
  }

  /** The configuration of another file, or none, without the settings that were given here. */
  Config readCurrent(@Nullable Path current) {
    return read(current, Map.of());
  }

  private Config read(@Nullable Path from, Map<String, String> given) {
    Map<String, String> all = new LinkedHashMap<>(given);
    if (data != null) {
      all.put("data", data.toString());
    }
    if (databaseUrl != null) {
      all.put("database.url", databaseUrl);
    }
    return Config.of(ConfigSources.ofProcess(from, all));
  }
}
