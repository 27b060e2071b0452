/**
 * The span as the engine sees it: identities, kinds, and {@link
 * io.krystaline.engine.span.SpanBatch}, the columns that a decoder fills and a scorer reads.
 * Imports the JDK only.
 */
@NullMarked
package io.krystaline.engine.span;

import org.jspecify.annotations.NullMarked;
