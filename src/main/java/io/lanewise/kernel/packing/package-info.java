/**
 * Internal: the layouts of the factors of a matrix product.
 *
 * <p>{@code PanelPacking} packs weights in panels, {@link io.lanewise.kernel.packing.NarrowPanels}
 * those of 16 or 8 bits, {@code GroupedRows} the rows of the left factor, {@code HeadPanels} and
 * {@code WindowPanels} keys and values. {@code MappedWeights} uses the rows of the file until the
 * panels are packed.
 *
 * <p>Uses {@code kernel} and {@code memory}. Next: {@code kernel.vector}, which multiplies them.
 */
@NullMarked
package io.lanewise.kernel.packing;

import org.jspecify.annotations.NullMarked;
