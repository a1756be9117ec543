/**
 * Internal: pre-tokenizers, which split a normalized text into words.
 *
 * <p>{@link io.lanewise.tokenizer.split.PreTokenizer} is their interface, {@code SplitText} their
 * result.
 *
 * <p>Uses {@code tokenizer.normalize} and {@code tokenizer.regex}. Next: {@code tokenizer.subword}.
 */
@NullMarked
package io.lanewise.tokenizer.split;

import org.jspecify.annotations.NullMarked;
