package io.krystaline.bench.load;

/**
 * One span of a simulated trace.
 *
 * @param operation what it is of
 * @param parent the position of its parent in its trace, before its own; -1 for the root
 */
record SimulatedSpan(SimulatedOperation operation, int parent) {}
