/** The sink service: what wires its rooms together. */
@NullMarked
package io.krystaline.sink;

import org.jspecify.annotations.NullMarked;
