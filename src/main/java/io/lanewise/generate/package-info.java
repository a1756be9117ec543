/**
 * One token after another: a prompt or a source text in, sequences of ids out.
 *
 * <p>{@link io.lanewise.generate.Generator} is the way in: a model, and the settings of {@code
 * generation_config.json} under Hugging Face's keys. A search (greedy, or with beams) asks a
 * running decoder for the scores of the next token, lets the constraints change them, and chooses;
 * the cache of the decoder follows its choice. Scores, settings and choices are plain values: what
 * is added here, such as sampling, is another constraint or another choice.
 *
 * <p>Uses {@code model}, {@code nn} (the cache), {@code checkpoint} (the settings) and {@code
 * tensor}. Next: {@code task/}, answers from text.
 */
package io.lanewise.generate;
