/**
 * Internal. Matrix products and attention in bf16 and int8 by oneDNN, if the library is found.
 *
 * <p>{@link io.lanewise.kernel.onednn.OneDnnLibrary} finds and loads it. {@code OneDnnKernels} has
 * oneDNN compile a product for each size, and refuses a plan that is not one of its compiled
 * kernels.
 *
 * <p>Uses {@code kernel}, {@code kernel.natives}, {@code kernel.vector} for what lies between two
 * products, and the binding {@code io.lanewise.onednn}.
 */
@NullMarked
package io.lanewise.kernel.onednn;

import org.jspecify.annotations.NullMarked;
