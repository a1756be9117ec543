/**
 * Numbers in memory: what they are ({@link io.lanewise.tensor.DType}, {@link
 * io.lanewise.tensor.Shape}), where they live and how long.
 *
 * <p>{@link io.lanewise.tensor.Region} holds what lives as long as a model (mapped files, packed
 * weights), {@link io.lanewise.tensor.Slab} the activations of one forward pass, {@link
 * io.lanewise.tensor.Tensor} the inputs and results on the plain heap. {@link
 * io.lanewise.tensor.Matrix} is how kernels and layers look at off-heap memory.
 *
 * <p>Uses nothing but the JDK. Next: {@code kernel/}, the arithmetic on it.
 */
@NullMarked
package io.lanewise.tensor;

import org.jspecify.annotations.NullMarked;
