package io.krystaline.bench.measure;

/**
 * What the sender counts over a round, probes and closing spans among them.
 *
 * @param accepted spans of accepted messages
 * @param rejected spans of those that the receiver said to have rejected
 * @param failedCalls messages of which nobody knows what became of them
 * @param trouble the first text of a message that was not accepted
 * @param anomalies spans that were surely anomalous
 */
record SenderCounts(
    long accepted, long rejected, long failedCalls, String trouble, long anomalies) {}
