/**
 * Scores spans on arrival: a {@link io.krystaline.engine.score.Scorer} compares each span of a
 * batch with its operation's baseline, learns it, and hands the {@link
 * io.krystaline.engine.score.Anomaly} of each that is far beyond to a {@link
 * io.krystaline.engine.score.MarkVisitor}. Imports the JDK, {@code span} and {@code baseline}.
 */
@NullMarked
package io.krystaline.engine.score;

import org.jspecify.annotations.NullMarked;
