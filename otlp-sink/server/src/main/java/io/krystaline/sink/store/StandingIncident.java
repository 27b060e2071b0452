package io.krystaline.sink.store;

/**
 * An incident that a channel was told of and not told the end of.
 *
 * @param document as it was delivered last, JSON
 */
public record StandingIncident(String incidentId, String document) {}
