/**
 * Internal: kernels for the first calls of a process, before the JVM has compiled the vector
 * kernels.
 *
 * <p>{@link io.lanewise.kernel.coldstart.ColdStart} decides when they end; {@link
 * io.lanewise.kernel.coldstart.LaterProducts} multiplies from then on.
 *
 * <p>Uses {@code kernel.onednn}, {@code kernel.openblas}, {@code kernel.scalar} and {@code
 * kernel.vector}.
 */
@NullMarked
package io.lanewise.kernel.coldstart;

import org.jspecify.annotations.NullMarked;
