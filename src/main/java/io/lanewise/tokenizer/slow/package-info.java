/**
 * Internal. Hugging Face's slow tokenizers, which are written in Python: BERT's, RoBERTa's,
 * ALBERT's and those of SentencePiece.
 *
 * <p>Each is a {@code Pipeline}. They differ from the fast ones in many details; each class names
 * the Python class whose rules it has.
 *
 * <p>Uses {@code tokenizer.pipeline}, {@code tokenizer.sentencepiece} and the packages below them.
 */
@NullMarked
package io.lanewise.tokenizer.slow;

import org.jspecify.annotations.NullMarked;
