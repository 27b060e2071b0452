package io.krystaline.engine.detect;

/**
 * How much is watched.
 *
 * @param streams streams, a channel of a service each
 * @param keys histograms of what is normal
 * @param refusedKeys observations not used because there are too many keys
 * @param refusedObservations observations not used because there are too many services
 * @param alarms streams in alarm now
 */
public record DetectionCounts(
    int streams, int keys, long refusedKeys, long refusedObservations, int alarms) {}
