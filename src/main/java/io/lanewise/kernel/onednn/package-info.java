/**
 * Internal. Matrix products and attention in bf16 and int8 by oneDNN, if the library is found.
 *
 * <p>{@link io.lanewise.kernel.onednn.OneDnnLibrary} finds and loads it. {@code OneDnnKernels}
 * compiles a product for each size; {@code OneDnnPlan} rejects implementations that are oneDNN's
 * reference code.
 *
 * <p>Uses {@code kernel}, {@code kernel.natives}, {@code kernel.vector} for the softmax and for few
 * rows, and the binding {@code io.lanewise.onednn}.
 */
@NullMarked
package io.lanewise.kernel.onednn;

import org.jspecify.annotations.NullMarked;
