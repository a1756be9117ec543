/**
 * Internal: the regular expressions of a tokenizer.json, in the syntax of Oniguruma with Ruby's
 * settings.
 *
 * <p>{@link io.lanewise.tokenizer.regex.RegularExpression} is the entry. {@code Parser} converts a
 * pattern to {@code Node}s and refuses unsupported constructs by name, {@code Program} converts
 * these to instructions, and {@code Matcher} runs them. Its time is bounded and the stack cannot
 * overflow, for any pattern and text: it records which instruction failed at which position, and
 * counts steps.
 *
 * <p>Uses no other package of tokenizers.
 */
package io.lanewise.tokenizer.regex;
