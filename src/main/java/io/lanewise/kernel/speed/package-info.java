/**
 * Internal: measurements of this machine in a second or two: memory, multiply-adds, matrix
 * products.
 *
 * <p>{@code doctor}, {@code inspect} and the benchmarks ask them. No kernel is chosen by them.
 *
 * <p>Uses {@code kernel}, {@code kernel.packing} and {@code kernel.vector}.
 */
@NullMarked
package io.lanewise.kernel.speed;

import org.jspecify.annotations.NullMarked;
