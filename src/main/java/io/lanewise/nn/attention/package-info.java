/**
 * Internal: attention layers: projections, masks, position scores, and the caches of a decoder.
 *
 * <p>{@link io.lanewise.nn.attention.DenseAttention} is multi-head attention (Vaswani et al.,
 * 2017), {@code WindowedSelfAttention} that of Longformer, {@code CrossAttention} that of a decoder
 * to an encoder. {@code DisentangledPositions} makes the first one that of DeBERTa. {@code Mask}
 * defines the visible keys. {@code KeyValueCache} belongs to the caller, never to a layer.
 *
 * <p>Uses {@code nn} and {@code kernel}.
 */
@NullMarked
package io.lanewise.nn.attention;

import org.jspecify.annotations.NullMarked;
