/**
 * Internal: pre-tokenizers: how a normalized text is split into words.
 *
 * <p>{@link io.lanewise.tokenizer.split.PreTokenizer} is their shape, {@code SplitText} what they
 * give.
 *
 * <p>Uses {@code tokenizer.normalize} and {@code tokenizer.regex}. Next: {@code tokenizer.subword}.
 */
@NullMarked
package io.lanewise.tokenizer.split;

import org.jspecify.annotations.NullMarked;
