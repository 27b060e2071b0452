/**
 * The command {@code krystaline bench}: reads options, starts what is measured, runs the rounds and
 * tells the figures. {@link io.krystaline.bench.Bench} has the order of things. Imports all rooms
 * of the module.
 */
@NullMarked
package io.krystaline.bench;

import org.jspecify.annotations.NullMarked;
