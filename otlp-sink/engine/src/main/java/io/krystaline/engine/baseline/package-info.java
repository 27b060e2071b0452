/**
 * What is normal: statistics of an operation's durations by hour, and the baselines learned from
 * them. {@link io.krystaline.engine.baseline.HourStatistics} is what is counted and stored, {@link
 * io.krystaline.engine.baseline.BaselineBuilder} turns 30 days of it into a {@link
 * io.krystaline.engine.baseline.Baseline}, and {@link
 * io.krystaline.engine.baseline.OperationDirectory} holds every {@link
 * io.krystaline.engine.baseline.Operation} within limits. Imports the JDK and {@code span}.
 */
@NullMarked
package io.krystaline.engine.baseline;

import org.jspecify.annotations.NullMarked;
