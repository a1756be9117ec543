/**
 * Text to ids and back.
 *
 * <p>{@link io.lanewise.tokenizer.Tokenizer} is what others call; {@link
 * io.lanewise.tokenizer.Encoding} what they get. Between them stands a {@code Pipeline}: the
 * components of a {@code tokenizer.json} in a row, or one of Hugging Face's slow tokenizers
 * (BERT's, RoBERTa's, those of SentencePiece). {@code TokenizerFolder} makes it from a folder's
 * files, by the rules that {@code TokenizerClasses} has for the folder's class; {@code Encoder}
 * truncates, frames and pads what it gives.
 *
 * <p>Texts are arrays of UTF-16 units with the range of the original beside each ({@code
 * AlignedText}); a step writes its own and leaves the one before alone. Everything that is shared
 * by threads is immutable, or a cache whose entries are.
 *
 * <p>Uses {@code json} only, and knows nothing of models. Next: {@code task/}, where text meets a
 * model.
 */
@NullMarked
package io.lanewise.tokenizer;

import org.jspecify.annotations.NullMarked;
