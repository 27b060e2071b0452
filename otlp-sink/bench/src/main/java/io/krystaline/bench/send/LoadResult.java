package io.krystaline.bench.send;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What the sender knows after a run.
 *
 * @param acceptedSpans spans of accepted messages, the rejected ones among them
 * @param rejectedSpans spans rejected one by one in accepted messages
 * @param refusedSpans spans of messages that were not taken in
 * @param failedCalls messages that failed for good, or of which nobody knows
 * @param trouble the first text of a message that was not accepted; empty where there is none
 * @param elapsed from the first message sent to the last answer
 * @param answerNanos from the moment at which a message was to be sent to its answer, of accepted
 *     ones; at a rate that moment is the planned one, so that a receiver that stalls is not spared
 *     by a sender that waits with it
 */
public record LoadResult(
    long acceptedSpans,
    long rejectedSpans,
    long refusedSpans,
    long failedCalls,
    String trouble,
    Duration elapsed,
    Histogram answerNanos) {}
