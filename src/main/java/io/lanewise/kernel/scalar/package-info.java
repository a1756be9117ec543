/**
 * Internal: the reference implementation of every kernel, as scalar Java with sums in double
 * precision.
 *
 * <p>The tests compare all other kernels with these. They also run on a JVM without the Vector API
 * module. {@code LoopRowwise} and {@code LoopFunctions} are loops in single precision, for the
 * first calls of a process.
 *
 * <p>Uses {@code kernel} and {@code memory}.
 */
@NullMarked
package io.lanewise.kernel.scalar;

import org.jspecify.annotations.NullMarked;
