/**
 * Programs that are measured, and what the system and their JVM tell of them: {@link
 * io.krystaline.bench.process.ChildProcess}, {@link io.krystaline.bench.process.ProcessTimes} from
 * {@code /proc}, {@link io.krystaline.bench.process.JvmProbe} over the attach interface. Imports
 * the JDK only.
 */
@NullMarked
package io.krystaline.bench.process;

import org.jspecify.annotations.NullMarked;
