package io.krystaline.sink.store;

import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;

/**
 * What a channel was told of an incident, or will be by what is pending.
 *
 * @param severity as it was told last
 * @param priority as it was told last
 * @param reopened as it was told last
 * @param resolved whether its end was told
 * @param reached whether something of it was delivered or still is pending, so that its end matters
 */
public record ToldIncident(
    String channel,
    String incidentId,
    Severity severity,
    Priority priority,
    int reopened,
    boolean resolved,
    boolean reached) {}
