/**
 * Layers: records of weights that know how to load themselves and how to apply themselves to a
 * matrix of tokens.
 *
 * <p>Each has {@code load} (from {@code Weights}, names as Hugging Face writes them) and {@code
 * apply}. What one forward pass needs besides weights (kernels, scratch memory, what to keep)
 * travels in {@code Pass}.
 *
 * <p>Uses {@code tensor}, {@code kernel}, {@code checkpoint}. No family is named here. Next: {@code
 * model/}, where families are put together from layers.
 */
@NullMarked
package io.lanewise.nn;

import org.jspecify.annotations.NullMarked;
