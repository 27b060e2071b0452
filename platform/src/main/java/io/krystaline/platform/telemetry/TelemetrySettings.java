package io.krystaline.platform.telemetry;

import io.krystaline.platform.config.ConfigException;
import io.krystaline.platform.config.ConfigSection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Who this service is in its own telemetry, and where that goes.
 *
 * @param serviceName the resource attribute {@code service.name}
 * @param serviceVersion the resource attribute {@code service.version}
 * @param instanceId the resource attribute {@code service.instance.id}; a random one without
 * @param otlpEndpoint where metrics and events are sent over OTLP/HTTP, such as {@code
 *     http://localhost:4318}; nowhere without
 * @param exportInterval between two exports
 */
public record TelemetrySettings(
    String serviceName,
    String serviceVersion,
    Optional<String> instanceId,
    Optional<URI> otlpEndpoint,
    Duration exportInterval) {
  private static final Duration EXPORT_INTERVAL = Duration.ofSeconds(60);

  /** The endpoint must be an http or https address. */
  public TelemetrySettings {
    if (serviceName.isBlank() || serviceVersion.isBlank()) {
      throw new IllegalArgumentException("serviceName and serviceVersion must not be blank");
    }
    if (!exportInterval.isPositive()) {
      throw new IllegalArgumentException("exportInterval is " + exportInterval);
    }
  }

  /** Nothing is exported; metrics can be read in this process only. */
  public static TelemetrySettings local(String serviceName, String serviceVersion) {
    return new TelemetrySettings(
        serviceName, serviceVersion, Optional.empty(), Optional.empty(), EXPORT_INTERVAL);
  }

  /** Reads {@code telemetry.*}. */
  public static TelemetrySettings from(
      ConfigSection section, String serviceName, String serviceVersion) {
    return new TelemetrySettings(
        section.text("service-name", serviceName),
        serviceVersion,
        section.optionalText("instance-id"),
        section.optionalText("otlp-endpoint").map(TelemetrySettings::endpoint),
        section.duration(
            "export-interval", EXPORT_INTERVAL, Duration.ofMillis(100), Duration.ofHours(1)));
  }

  private static URI endpoint(String text) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new ConfigException(refusal(text), e);
    }
    throw new ConfigException(refusal(text));
  }

  private static String refusal(String text) {
    return "otlp-endpoint of telemetry is '%s', expected an address such as http://localhost:4318"
        .formatted(text);
  }
}
