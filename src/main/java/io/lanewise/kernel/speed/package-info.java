/**
 * Internal: measurements of this machine in a second or two: memory, multiply-adds, matrix
 * products.
 *
 * <p>{@code doctor}, {@code inspect} and the benchmarks use them. The choice of kernels does not
 * depend on them.
 *
 * <p>Uses {@code kernel}, {@code kernel.packing} and {@code kernel.vector}.
 */
@NullMarked
package io.lanewise.kernel.speed;

import org.jspecify.annotations.NullMarked;
