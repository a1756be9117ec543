/**
 * Internal: the families of models, one file each.
 *
 * <p>A family's file reads from top to bottom like its paper: the settings with their defaults,
 * {@code load} (names to layers), the heads, {@code forward}. {@link
 * io.lanewise.family.Family#type} lists the families; {@link io.lanewise.family.ModelType} is what
 * a file says before there are weights. What families share stands in four rooms: {@code
 * family.load}, {@code family.input}, {@code family.head}, {@code family.stack}.
 *
 * <p>Uses {@code nn}, {@code kernel}, {@code checkpoint}, and {@code model} for inputs and outputs.
 */
@NullMarked
package io.lanewise.family;

import org.jspecify.annotations.NullMarked;
