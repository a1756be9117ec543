/**
 * Internal: layers one after the other, and how a call goes through them.
 *
 * <p>{@link io.lanewise.family.stack.EncoderCall} leads a call from the checked inputs to the
 * head's result, {@link io.lanewise.family.stack.LayerStack} runs the layers in between, with the
 * padding or without. {@link io.lanewise.family.stack.BertStack} are the layers under BERT's tensor
 * names, as an encoder or as a decoder, {@link io.lanewise.family.stack.EncoderDecoder} two halves
 * that work together. {@link io.lanewise.family.stack.DecoderShape} is what a cache must be like to
 * fit.
 *
 * <p>Uses {@code family.load}, {@code family.input} and {@code family.head}. Next: {@code family},
 * one file a family.
 */
@NullMarked
package io.lanewise.family.stack;

import org.jspecify.annotations.NullMarked;
