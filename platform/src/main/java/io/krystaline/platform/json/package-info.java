/**
 * JSON as this product reads and writes it. {@link io.krystaline.platform.json.StrictJson} builds
 * the one kind of mapper, {@link io.krystaline.platform.json.EpochNanos} writes and reads times to
 * the nanosecond, and {@link io.krystaline.platform.json.JsonLinesWriter} writes one value a line.
 * Imports the JDK and Jackson only.
 */
@NullMarked
package io.krystaline.platform.json;

import org.jspecify.annotations.NullMarked;
