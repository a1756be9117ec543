package io.lanewise.task;

import io.lanewise.generate.Generated.Ending;

/**
 * A text that was generated.
 *
 * <pre>{@code
 * try (var generator = TextGenerator.load(Path.of("my-model"))) {
 *   for (var each : generator.predict("Once upon a time")) {
 *     System.out.println(each.ending() + " after " + each.ids().length + " tokens: " + each.text());
 *   }
 * }
 * }</pre>
 *
 * @param text without special tokens
 * @param ids of what was generated, its end token included, the prompt left out
 * @param score of a beam search, Hugging Face's {@code sequences_scores}; NaN of other searches
 * @param ending why it goes no further
 */
public record GeneratedText(String text, int[] ids, float score, Ending ending) {}
