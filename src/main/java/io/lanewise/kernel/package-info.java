/**
 * Internal: the interfaces between layers and kernels, and the choice of kernels.
 *
 * <p>Four interfaces: {@link io.lanewise.kernel.Gemm} (y = x·Wᵀ + b, weights packed once), {@link
 * io.lanewise.kernel.Rowwise} (norms, softmax, activations, sums, gathers), {@link
 * io.lanewise.kernel.Attention} and {@link io.lanewise.kernel.WindowedAttention}. {@link
 * io.lanewise.kernel.Backend} chooses the kernels of a model and gives the reasons; {@link
 * io.lanewise.kernel.Workers} are the threads.
 *
 * <p>Each kernel is in a package of its own below this one: {@code scalar} (the specification),
 * {@code vector}, {@code openblas}, {@code onednn}; {@code coldstart} for the first calls of a
 * process, {@code image} for native images. Nothing here depends on a model family or a tensor
 * name. Uses {@code memory} and the bindings of both libraries. Next: {@code nn}, the layers built
 * on it.
 */
@NullMarked
package io.lanewise.kernel;

import org.jspecify.annotations.NullMarked;
