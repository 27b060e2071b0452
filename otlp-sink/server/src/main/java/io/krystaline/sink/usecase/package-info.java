/**
 * Reads the rules of use cases, which say what an incident means and how soon a person is told,
 * from a YAML file; {@link io.krystaline.sink.usecase.UseCaseFile} is the only type. The rules
 * themselves are {@code engine.incident}'s. Imports the engine and {@code platform.config}.
 */
@NullMarked
package io.krystaline.sink.usecase;

import org.jspecify.annotations.NullMarked;
