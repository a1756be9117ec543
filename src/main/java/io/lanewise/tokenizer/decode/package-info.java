/**
 * Internal: decoders: tokens back to text.
 *
 * <p>{@link io.lanewise.tokenizer.decode.Decoder} is the {@code decoder} of a tokenizer.json;
 * {@code CleanUp} is {@code clean_up_tokenization} of Hugging Face's transformers.
 *
 * <p>Uses {@code tokenizer.normalize}, {@code tokenizer.split} and {@code tokenizer.subword}.
 */
@NullMarked
package io.lanewise.tokenizer.decode;

import org.jspecify.annotations.NullMarked;
