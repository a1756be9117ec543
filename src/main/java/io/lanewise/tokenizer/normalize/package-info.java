/**
 * Internal: normalizers: what is done to a text before it is split.
 *
 * <p>A text is an {@link io.lanewise.tokenizer.normalize.AlignedText}: UTF-16 units, and beside
 * each the range of the original text that it stands for. A step writes a new one and leaves the
 * one before alone. {@code CrateTables} holds where the Unicode tables of Hugging Face's Rust
 * tokenizers differ from the JDK's.
 *
 * <p>Uses {@code text} only. Next: {@code tokenizer.split}.
 */
@NullMarked
package io.lanewise.tokenizer.normalize;

import org.jspecify.annotations.NullMarked;
