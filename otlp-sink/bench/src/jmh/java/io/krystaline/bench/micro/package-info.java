/**
 * The parts of the hot path one by one, under JMH: decode, score, sketch, swap of baselines, trace
 * assembly. Not part of the build; {@code docs/performance.md} says how to run them. Imports the
 * engine and {@code load}.
 */
@NullMarked
package io.krystaline.bench.micro;

import org.jspecify.annotations.NullMarked;
