/**
 * The families, a file each, and what they have in common: heads, inputs, outputs, losses.
 *
 * <p>A family file reads from top to bottom like its paper: {@code Config}, {@code load} (names to
 * layers), the heads, {@code forward}. {@link io.lanewise.model.Model} opens a folder, chooses the
 * family by {@code model_type} and guards its life. {@code Edits} say what becomes of a checkpoint
 * while it is loaded, {@code Saving} how a model is written, {@code Training} that dropout is on.
 *
 * <p>Uses {@code nn}, {@code kernel}, {@code checkpoint}, {@code tensor}. Next: {@code task/},
 * answers from text.
 */
@NullMarked
package io.lanewise.model;

import org.jspecify.annotations.NullMarked;
