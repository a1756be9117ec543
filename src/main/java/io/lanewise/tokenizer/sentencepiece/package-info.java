/**
 * Internal. SentencePiece (Kudo and Richardson, 2018): its model file, its normalizer, its search.
 *
 * <p>{@link io.lanewise.tokenizer.sentencepiece.SentencePiece} segments a text like the library of
 * that name, with sampling. The slow tokenizers of Hugging Face are built on it.
 *
 * <p>Uses {@code tokenizer.normalize} and {@code tokenizer.subword}.
 */
@NullMarked
package io.lanewise.tokenizer.sentencepiece;

import org.jspecify.annotations.NullMarked;
