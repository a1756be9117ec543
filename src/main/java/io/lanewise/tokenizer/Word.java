package io.lanewise.tokenizer;

/**
 * A word from the pre-tokenizer: a part of the text that the model splits independently.
 *
 * @param text its normalized text
 * @param start its start in the original text, in UTF-16 units
 * @param end its end, exclusive
 */
public record Word(String text, int start, int end) {}
