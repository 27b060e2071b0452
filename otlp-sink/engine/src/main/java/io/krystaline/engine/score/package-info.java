/**
 * Scores spans on arrival: {@link io.krystaline.engine.score.Anomaly} is what it gives. Imports
 * {@code span} and {@code baseline}.
 */
@NullMarked
package io.krystaline.engine.score;

import org.jspecify.annotations.NullMarked;
