/**
 * Starts and stops the parts of a service in order. {@link
 * io.krystaline.platform.lifecycle.Resources} closes what was opened in reverse order, {@link
 * io.krystaline.platform.lifecycle.ShutdownSignal} waits for the end of the process, and {@link
 * io.krystaline.platform.lifecycle.PeriodicTask} runs a job again and again. Imports the JDK and
 * SLF4J only.
 */
@NullMarked
package io.krystaline.platform.lifecycle;

import org.jspecify.annotations.NullMarked;
