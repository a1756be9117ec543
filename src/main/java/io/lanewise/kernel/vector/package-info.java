/**
 * Internal: the kernels of the Vector API.
 *
 * <p>{@link io.lanewise.kernel.vector.VectorGemm}, {@code VectorAttention}, {@code
 * VectorWindowedAttention} and {@code VectorRowwise} are the entries. {@code TilesFor32Registers},
 * {@code TilesFor16Registers} and {@code FewRowsOf…} are written by the generators among the tests
 * ({@code KernelWriter}); a test compares them with their description.
 *
 * <p>A kernel asks {@code Lanes} for the base and the offset of its memory in its first lines, so
 * that a native image compiles its loop without calls. Uses {@code kernel} and {@code
 * kernel.packing}.
 */
@NullMarked
package io.lanewise.kernel.vector;

import org.jspecify.annotations.NullMarked;
