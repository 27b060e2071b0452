/**
 * Releases: the versions of services by number ({@link
 * io.krystaline.engine.release.ReleaseDirectory}, {@link
 * io.krystaline.engine.release.ReleaseTable}), and the {@link
 * io.krystaline.engine.release.ReleaseCourt} that compares each new version of a service with the
 * one before and says whether it is slower or fails more. Imports the JDK, {@code span}, {@code
 * baseline}, {@code assemble} and {@code detect}.
 */
@NullMarked
package io.krystaline.engine.release;

import org.jspecify.annotations.NullMarked;
