/**
 * Internal: subword models: a word to tokens of a vocabulary.
 *
 * <p>{@link io.lanewise.tokenizer.subword.SubwordModel} is sealed over BPE, Unigram, WordPiece and
 * WordLevel. {@code CharTrie} finds the pieces of a vocabulary, {@code AddedTokens} the added
 * tokens in a text.
 *
 * <p>Uses {@code tokenizer.normalize}. Next: {@code tokenizer.pipeline}.
 */
@NullMarked
package io.lanewise.tokenizer.subword;

import org.jspecify.annotations.NullMarked;
