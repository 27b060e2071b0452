package io.krystaline.bench.load;

/**
 * One operation of the simulated system.
 *
 * @param service the number of its service
 * @param number its number in its service
 * @param type what its spans stand for
 * @param name the name of its spans
 * @param medianMillis the median of the time that it takes by itself, without its children
 */
record SimulatedOperation(
    int service, int number, SpanType type, String name, double medianMillis) {}
