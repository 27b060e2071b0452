/**
 * Traces from spans, in event time: a {@link io.krystaline.engine.assemble.TraceAssembler} gathers
 * spans in any order within a slack, and hands on each span with its children when its tick closes.
 * Bounded in memory; under load whole traces are left out by trace id, and counted. Imports the
 * JDK, {@code span} and {@code baseline}.
 */
@NullMarked
package io.krystaline.engine.assemble;

import org.jspecify.annotations.NullMarked;
