/**
 * Internal: loads and saves the tensors of a checkpoint.
 *
 * <p>{@link io.lanewise.checkpoint.weights.Weights} finds tensors by relative names, checks every
 * shape before any kernel runs, and reports missing, unexpected and tied tensors. A {@code
 * WeightChange} describes changes of tensors at load time. {@code SavedTensors} are read or
 * computed when they are written.
 *
 * <p>Uses {@code checkpoint.format}. Next: {@code nn}, whose layers are loaded from {@code
 * Weights}.
 */
@NullMarked
package io.lanewise.checkpoint.weights;

import org.jspecify.annotations.NullMarked;
