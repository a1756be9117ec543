package io.lanewise.tokenizer;

/**
 * A piece of text that a model cuts on its own, as the pre-tokenizer found it.
 *
 * @param text its normalized text
 * @param start where it begins in the original text, in UTF-16 units
 * @param end where it ends, exclusive
 */
public record Word(String text, int start, int end) {}
