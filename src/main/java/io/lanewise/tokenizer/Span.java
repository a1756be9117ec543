package io.lanewise.tokenizer;

/**
 * A stretch of tokens, or of a text.
 *
 * @param start where it begins
 * @param end where it ends, exclusive
 */
public record Span(int start, int end) {}
