/**
 * Internal: the tensors of a checkpoint as a model loads them, and as it saves them.
 *
 * <p>{@link io.lanewise.checkpoint.weights.Weights} walks the tensor names like {@code cd} walks
 * folders, checks every shape before any kernel runs, and ends with a report of what was missing,
 * unexpected or tied. A {@code WeightChange} says what becomes of tensors on their way in. {@code
 * SavedTensors} hold no numbers but know where to read or how to compute them.
 *
 * <p>Uses {@code checkpoint.format}. Next: {@code nn}, whose layers load themselves from {@code
 * Weights}.
 */
@NullMarked
package io.lanewise.checkpoint.weights;

import org.jspecify.annotations.NullMarked;
