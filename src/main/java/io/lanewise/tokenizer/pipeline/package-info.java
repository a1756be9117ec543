/**
 * Internal: the stages of a tokenizer in a row: text to tokens, tokens to text.
 *
 * <p>{@link io.lanewise.tokenizer.pipeline.Pipeline} is sealed over {@code ComponentPipeline}, the
 * components of a tokenizer.json, and the slow tokenizers. {@code Template} is what a
 * post-processor puts around texts.
 *
 * <p>Uses the rooms of the components. Next: {@code tokenizer}, which truncates, frames and pads
 * what it gives.
 */
@NullMarked
package io.lanewise.tokenizer.pipeline;

import org.jspecify.annotations.NullMarked;
