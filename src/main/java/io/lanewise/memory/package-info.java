/**
 * Internal: memory outside the heap: who owns it and how long it lives.
 *
 * <p>{@link io.lanewise.memory.Region} holds what lives as long as a model (mapped files, packed
 * weights), {@link io.lanewise.memory.Slab} the activations of one forward pass. {@link
 * io.lanewise.memory.Matrix} is how kernels and layers look at it. {@link
 * io.lanewise.memory.MemoryBudget} bounds how much of it calls take.
 *
 * <p>Uses {@code tensor}. Next: {@code kernel}, the arithmetic on it.
 */
@NullMarked
package io.lanewise.memory;

import org.jspecify.annotations.NullMarked;
