/**
 * Tensors of the public API: {@link io.lanewise.tensor.Tensor} on the Java heap, with its {@link
 * io.lanewise.tensor.Shape} and its {@link io.lanewise.tensor.DType}.
 *
 * <p>Uses only the JDK. Next: {@code memory}, the off-heap memory of models.
 */
@NullMarked
package io.lanewise.tensor;

import org.jspecify.annotations.NullMarked;
