/**
 * Internal: the heads, what stands on top of the encoder or decoder, and their losses.
 *
 * <p>{@link io.lanewise.family.head.HeadLayers} makes a result of the last states; {@link
 * io.lanewise.family.head.BertHeads} and {@link io.lanewise.family.head.RobertaHeads} load the
 * heads under the tensor names that several families have. {@link
 * io.lanewise.family.head.LossTarget} compares the result with the labels of a call.
 *
 * <p>Uses {@code family.load} and {@code family.input}. Next: {@code family.stack}.
 */
@NullMarked
package io.lanewise.family.head;

import org.jspecify.annotations.NullMarked;
