/**
 * Internal. Matrix products and attention by OpenBLAS, if the library is found.
 *
 * <p>{@link io.lanewise.kernel.openblas.OpenBlasLibrary} finds and loads it, once in a process.
 * Only memory outside the heap is passed.
 *
 * <p>Uses {@code kernel}, {@code kernel.natives} and the binding {@code io.lanewise.openblas}.
 */
@NullMarked
package io.lanewise.kernel.openblas;

import org.jspecify.annotations.NullMarked;
