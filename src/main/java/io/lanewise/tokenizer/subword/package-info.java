/**
 * Internal: subword models: a word to tokens of a vocabulary.
 *
 * <p>{@link io.lanewise.tokenizer.subword.SubwordModel} is sealed over BPE, Unigram, WordPiece and
 * WordLevel. {@code CharTrie} finds what a vocabulary holds, {@code AddedTokens} what stands in a
 * text before any of this.
 *
 * <p>Uses {@code tokenizer.normalize}. Next: {@code tokenizer.pipeline}.
 */
@NullMarked
package io.lanewise.tokenizer.subword;

import org.jspecify.annotations.NullMarked;
