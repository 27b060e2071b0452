package io.krystaline.sink.notify;

import io.krystaline.sink.view.IncidentView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a person finds an incident.
 *
 * @param pattern an address with {@code {id}}; no links without
 */
record IncidentLinks(Optional<String> pattern) {
  Optional<String> of(IncidentView incident) {
    return pattern.map(
        text -> text.replace("{id}", URLEncoder.encode(incident.id(), StandardCharsets.UTF_8)));
  }
}
