/**
 * Detection of faults in event time: observations become probabilities, ticks become evidence, and
 * a sequential test for each stream (a {@link io.krystaline.engine.detect.Channel} of a service)
 * turns evidence into alarms. Imports the JDK, {@code span}, {@code baseline}, {@code assemble}.
 */
@NullMarked
package io.krystaline.engine.detect;

import org.jspecify.annotations.NullMarked;
