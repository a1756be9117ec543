/**
 * Internal: how the factors of a product lie in memory before they are multiplied.
 *
 * <p>{@code PanelPacking} puts weights into panels, {@link io.lanewise.kernel.packing.NarrowPanels}
 * those of 16 or 8 bits, {@code GroupedRows} packs the rows on the other side, {@code HeadPanels}
 * and {@code WindowPanels} keys and values. {@code MappedWeights} keeps the file's own layout until
 * the packed one is ready.
 *
 * <p>Uses {@code kernel} and {@code memory}. Next: {@code kernel.vector}, which multiplies them.
 */
@NullMarked
package io.lanewise.kernel.packing;

import org.jspecify.annotations.NullMarked;
