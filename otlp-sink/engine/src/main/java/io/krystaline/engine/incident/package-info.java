/**
 * Incidents: alarms of streams merged along services and time, with severity, suspects and samples.
 * A tracker makes them of alarms. May import {@code span}, {@code score}, {@code detect}.
 */
@NullMarked
package io.krystaline.engine.incident;

import org.jspecify.annotations.NullMarked;
