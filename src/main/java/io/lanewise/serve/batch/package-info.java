/**
 * Internal: the sequences of all requests as common forward passes.
 *
 * <p>{@link io.lanewise.serve.batch.PassQueue} is the queue of a model: a {@link
 * io.lanewise.serve.batch.RequestPasses} puts the sequences of its request there piece by piece,
 * {@code Selection} says which of them share the next pass, and {@code Share} is what of its
 * results belongs to a piece.
 *
 * <p>Uses {@code task.text} and {@code model}. {@code serve} makes a queue for each model.
 */
@NullMarked
package io.lanewise.serve.batch;

import org.jspecify.annotations.NullMarked;
