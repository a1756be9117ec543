/**
 * Internal: layers one after the other, as the families share them.
 *
 * <p>{@link io.lanewise.family.stack.BertStack} are the layers under BERT's tensor names, as an
 * encoder or as a decoder; {@link io.lanewise.family.stack.DecoderShape} is what a cache must be
 * like to fit a decoder.
 *
 * <p>Uses {@code family.load}, {@code family.input} and {@code family.head}. Next: {@code family},
 * one file a family.
 */
@NullMarked
package io.lanewise.family.stack;

import org.jspecify.annotations.NullMarked;
