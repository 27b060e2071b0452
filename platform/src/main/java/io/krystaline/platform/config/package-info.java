/**
 * Typed configuration, read once at the start into records. {@link
 * io.krystaline.platform.config.ConfigSources} names the places where values come from, {@link
 * io.krystaline.platform.config.Config} decides between them, and each part reads its own {@link
 * io.krystaline.platform.config.ConfigSection} into its own record. Imports the JDK and Jackson's
 * YAML reader only.
 */
@NullMarked
package io.krystaline.platform.config;

import org.jspecify.annotations.NullMarked;
