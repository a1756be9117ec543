package io.lanewise.tokenizer;

/**
 * A range of tokens or characters.
 *
 * @param start the first one
 * @param end the end, exclusive
 */
public record Span(int start, int end) {}
