/**
 * Rounds, what is measured in each, and whether its counts add up: {@link
 * io.krystaline.bench.measure.Receiver} is what is measured, {@link
 * io.krystaline.bench.measure.Reconciler} holds its counts against the sender's, {@link
 * io.krystaline.bench.measure.Summary} and {@link io.krystaline.bench.measure.Report} tell the
 * figures. Imports {@code load}, {@code send}, {@code process} and {@code reference}.
 */
@NullMarked
package io.krystaline.bench.measure;

import org.jspecify.annotations.NullMarked;
