/**
 * Internal: the specification of every kernel, in plain Java: sums in double precision.
 *
 * <p>The tests compare all other kernels with these. They also run where the JVM lacks the Vector
 * API module. {@code LoopRowwise} and {@code LoopFunctions} are loops in single precision, for the
 * first calls of a process.
 *
 * <p>Uses {@code kernel} and {@code memory}.
 */
@NullMarked
package io.lanewise.kernel.scalar;

import org.jspecify.annotations.NullMarked;
