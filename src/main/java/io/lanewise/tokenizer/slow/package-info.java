/**
 * Internal. Hugging Face's slow tokenizers, which are written in Python: BERT's, RoBERTa's,
 * ALBERT's and those of SentencePiece.
 *
 * <p>Each is a {@code Pipeline}. They differ from the fast ones in many small ways; each class
 * names the Python class that it follows.
 *
 * <p>Uses {@code tokenizer.pipeline}, {@code tokenizer.sentencepiece} and what lies below them.
 */
@NullMarked
package io.lanewise.tokenizer.slow;

import org.jspecify.annotations.NullMarked;
