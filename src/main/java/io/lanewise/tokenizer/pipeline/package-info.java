/**
 * Internal: the components of a tokenizer in order: text to tokens, tokens to text.
 *
 * <p>{@link io.lanewise.tokenizer.pipeline.Pipeline} is sealed over {@code ComponentPipeline}, the
 * components of a tokenizer.json, and the slow tokenizers. {@code Template} has the special tokens
 * around texts.
 *
 * <p>Uses the packages of the components. Next: {@code tokenizer}, which truncates, adds special
 * tokens and pads.
 */
@NullMarked
package io.lanewise.tokenizer.pipeline;

import org.jspecify.annotations.NullMarked;
