/**
 * Internal: the seams between layers and arithmetic, and who stands behind them.
 *
 * <p>Four seams: {@link io.lanewise.kernel.Gemm} (y = x·Wᵀ + b, weights packed once), {@link
 * io.lanewise.kernel.Rowwise} (norms, softmax, activations, sums, gathers), {@link
 * io.lanewise.kernel.Attention} and {@link io.lanewise.kernel.WindowedAttention}. {@link
 * io.lanewise.kernel.Backend} chooses the kernels of a model and says why; {@link
 * io.lanewise.kernel.Workers} are the threads.
 *
 * <p>Each kernel is in a package of its own below this one: {@code scalar} (the specification),
 * {@code vector}, {@code openblas}, {@code onednn}; {@code coldstart} for the first calls of a
 * process, {@code image} for native images. Nothing here knows a model family or a tensor name.
 * Uses {@code memory} and the bindings of both libraries. Next: {@code nn}, the layers made of it.
 */
@NullMarked
package io.lanewise.kernel;

import org.jspecify.annotations.NullMarked;
