/**
 * The arithmetic, and who does it.
 *
 * <p>Four seams: {@link io.lanewise.kernel.Gemm} (y = x·Wᵀ + b, weights packed once), {@link
 * io.lanewise.kernel.Rowwise} (norms, softmax, activations, sums, gathers), {@link
 * io.lanewise.kernel.Attention} and {@link io.lanewise.kernel.WindowedAttention}. Each has a scalar
 * twin, the executable specification, and a Vector API twin; the matrix product has a third over
 * OpenBLAS and a fourth over oneDNN. {@link io.lanewise.kernel.Backend} chooses and says why;
 * {@link io.lanewise.kernel.Workers} are the threads.
 *
 * <p>Nothing here knows a model family or a tensor name. Uses {@code tensor} and the bindings of
 * both libraries. Next: {@code nn/}, the layers made of it.
 */
@NullMarked
package io.lanewise.kernel;

import org.jspecify.annotations.NullMarked;
