/**
 * Internal: the regular expressions of a tokenizer.json, as Oniguruma reads them in Ruby's syntax.
 *
 * <p>{@link io.lanewise.tokenizer.regex.RegularExpression} is what others call. {@code Parser}
 * makes a {@code Node} of a pattern and refuses by name what is not known, {@code Program} makes
 * instructions of the node, and {@code Matcher} runs them. No pattern and no text lets it run for
 * ever or overflow the stack: it remembers which instruction failed at which place, and counts.
 *
 * <p>Uses nothing of the rooms around it.
 */
package io.lanewise.tokenizer.regex;
