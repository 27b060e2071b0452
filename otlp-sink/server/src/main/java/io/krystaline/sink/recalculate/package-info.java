/**
 * Makes baselines anew from the hourly statistics, nightly and on demand, and keeps the store in
 * bounds. {@link io.krystaline.sink.recalculate.Recalculator} runs, {@link
 * io.krystaline.sink.recalculate.CronSchedule} says when. Imports the engine, {@code sink.store}
 * and the platform; no Netty, no SQL.
 */
@NullMarked
package io.krystaline.sink.recalculate;

import org.jspecify.annotations.NullMarked;
