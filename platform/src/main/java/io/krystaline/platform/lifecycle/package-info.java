/** Starts and stops the parts of a service in order. */
@NullMarked
package io.krystaline.platform.lifecycle;

import org.jspecify.annotations.NullMarked;
