/**
 * Layers: records of weights with a method that loads them and one that applies them to a matrix of
 * tokens.
 *
 * <p>{@code load} reads from {@code Weights}, with the tensor names of Hugging Face; {@code apply}
 * computes. {@code Pass} has what a forward pass needs besides weights: kernels, scratch memory,
 * what to keep.
 *
 * <p>Uses {@code tensor}, {@code kernel}, {@code checkpoint}. Nothing here depends on a family.
 * Next: {@code family}, where models are composed of layers.
 */
@NullMarked
package io.lanewise.nn;

import org.jspecify.annotations.NullMarked;
