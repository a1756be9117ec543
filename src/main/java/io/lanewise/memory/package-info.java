/**
 * Internal: off-heap memory, its owners and its lifetime.
 *
 * <p>A {@link io.lanewise.memory.Region} has the lifetime of a model (mapped files, packed
 * weights); a {@link io.lanewise.memory.Slab} has the activations of one forward pass. Kernels and
 * layers use memory as a {@link io.lanewise.memory.Matrix}. {@link io.lanewise.memory.MemoryBudget}
 * limits the memory of calls.
 *
 * <p>Uses {@code tensor}. Next: {@code kernel}, which computes with it.
 */
@NullMarked
package io.lanewise.memory;

import org.jspecify.annotations.NullMarked;
