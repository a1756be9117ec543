/**
 * Internal: the families of models, and what they share.
 *
 * <p>A family's file reads from top to bottom like its paper: {@code Config}, {@code load} (names
 * to layers), the heads, {@code forward}. {@link io.lanewise.family.Family} lists the families.
 *
 * <p>Uses {@code nn}, {@code kernel}, {@code checkpoint}, and {@code model} for inputs and outputs.
 */
@NullMarked
package io.lanewise.family;

import org.jspecify.annotations.NullMarked;
