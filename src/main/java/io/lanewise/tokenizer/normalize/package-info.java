/**
 * Internal: normalizers, which rewrite a text before it is split.
 *
 * <p>A text is an {@link io.lanewise.tokenizer.normalize.AlignedText}: UTF-16 units, each with its
 * range in the original text. A step writes a new text and does not change the previous one. {@code
 * CrateTables} lists the differences between the Unicode tables of Hugging Face's Rust tokenizers
 * and the JDK's.
 *
 * <p>Uses {@code text} only. Next: {@code tokenizer.split}.
 */
@NullMarked
package io.lanewise.tokenizer.normalize;

import org.jspecify.annotations.NullMarked;
