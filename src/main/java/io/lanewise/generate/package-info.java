/**
 * Text generation: from a prompt or a source text to sequences of ids.
 *
 * <p>{@link io.lanewise.generate.Generator} is the way in: a model, the settings of {@code
 * generation_config.json}, and {@link io.lanewise.generate.GenerationOptions} in their place. A
 * search (greedy, or with beams) asks a running decoder for the scores of the next token, lets the
 * constraints change them and the warpers shape what is drawn from, and chooses; the cache of the
 * decoder follows its choice. Scores, settings and choices are plain values. Somebody may listen to
 * the tokens, and cancel.
 *
 * <p>Uses {@code model}, {@code nn} (the cache), {@code checkpoint} (the settings) and {@code
 * tensor}. Next: {@code task}, answers from text.
 */
@NullMarked
package io.lanewise.generate;

import org.jspecify.annotations.NullMarked;
