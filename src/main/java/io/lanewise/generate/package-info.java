/**
 * Text generation: from a prompt or a source text to sequences of ids.
 *
 * <p>{@link io.lanewise.generate.Generator} is the entry: a model, and the settings of {@code
 * generation_config.json} with Hugging Face's keys. A search (greedy, sampling, or with beams) gets
 * the scores of the next token from a running decoder, applies constraints and warpers, and chooses
 * a token; the cache of the decoder is updated accordingly. Scores, settings and choices are plain
 * values. A listener can receive the tokens, and a call can be cancelled.
 *
 * <p>Uses {@code model}, {@code nn} (the cache), {@code checkpoint} (the settings) and {@code
 * tensor}. Next: {@code task}, answers from text.
 */
@NullMarked
package io.lanewise.generate;

import org.jspecify.annotations.NullMarked;
