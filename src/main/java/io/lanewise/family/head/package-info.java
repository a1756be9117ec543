/**
 * Internal: the heads, what stands on top of the encoder or decoder, and their losses.
 *
 * <p>{@link io.lanewise.family.head.HeadLayers} makes a result of the last states: {@link
 * io.lanewise.family.head.TokenHeads} for each token, {@link io.lanewise.family.head.SequenceHeads}
 * for whole sequences, of their {@link io.lanewise.family.head.SequenceVector}. {@link
 * io.lanewise.family.head.HeadSource} loads them by the names that a family says. {@link
 * io.lanewise.family.head.LossTarget} compares the result with the labels of a call.
 *
 * <p>Uses {@code family.load} and {@code family.input}. Next: {@code family.stack}.
 */
@NullMarked
package io.lanewise.family.head;

import org.jspecify.annotations.NullMarked;
