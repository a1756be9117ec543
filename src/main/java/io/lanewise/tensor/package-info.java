/**
 * Numbers as a user sees them: {@link io.lanewise.tensor.Tensor} on the plain heap, with its {@link
 * io.lanewise.tensor.Shape} and its {@link io.lanewise.tensor.DType}.
 *
 * <p>Uses nothing but the JDK. Next: {@code memory}, where models keep theirs.
 */
@NullMarked
package io.lanewise.tensor;

import org.jspecify.annotations.NullMarked;
