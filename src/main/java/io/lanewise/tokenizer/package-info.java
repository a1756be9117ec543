/**
 * Tokenizers: text to ids and back.
 *
 * <p>{@link io.lanewise.tokenizer.Tokenizer} is the entry, {@link io.lanewise.tokenizer.Encoding}
 * its result. A {@code Pipeline} does the work: the components of a {@code tokenizer.json} in
 * order, or one of Hugging Face's slow tokenizers (BERT's, RoBERTa's, those of SentencePiece).
 * {@code TokenizerFolder} creates it from a folder's files, by the rules that {@code
 * TokenizerClasses} has for the folder's class; {@code Encoder} truncates the tokens, adds special
 * tokens and pads.
 *
 * <p>A text is an array of UTF-16 units, each with its range in the original text ({@code
 * AlignedText}). Each step writes a new text and does not change the previous one. Objects shared
 * by threads are immutable, or caches of immutable entries.
 *
 * <p>Uses {@code json} only, and no models. Next: {@code task}, which combines tokenizers and
 * models.
 */
@NullMarked
package io.lanewise.tokenizer;

import org.jspecify.annotations.NullMarked;
