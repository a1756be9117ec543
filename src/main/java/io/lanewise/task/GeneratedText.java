package io.lanewise.task;

import io.lanewise.generate.Ending;

/**
 * A text that was generated.
 *
 * @param text without special tokens
 * @param ids of what was generated, its end token included, the prompt left out
 * @param score of a beam search, Hugging Face's {@code sequences_scores}; NaN of other searches
 * @param ending why it goes no further
 */
public record GeneratedText(String text, int[] ids, float score, Ending ending) {}
