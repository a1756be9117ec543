/**
 * Internal. Matrix products in a native image.
 *
 * <p>{@link io.lanewise.kernel.image.ImageGemm} gives products of many rows to OpenBLAS where
 * {@code ProductRace} has measured that it is faster.
 *
 * <p>Uses {@code kernel.openblas} and {@code kernel.vector}.
 */
@NullMarked
package io.lanewise.kernel.image;

import org.jspecify.annotations.NullMarked;
