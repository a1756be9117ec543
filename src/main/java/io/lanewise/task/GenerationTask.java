package io.lanewise.task;

import io.lanewise.generate.GenerationOptions;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What the tasks that write text share: for each text its {@code num_return_sequences} texts, of a
 * beam search the best first.
 *
 * <pre>{@code
 * try (var writer = TextToText.load(Path.of("my-model"))) {
 *   var brief = writer.with(GenerationOptions.DEFAULT.withBeams(1).withMaxNewTokens(60));
 *   brief.stream(
 *       "My dog are cute.",
 *       piece -> {
 *         System.out.print(piece);
 *         return true; // go on
 *       });
 * }
 * }</pre>
 */
public sealed interface GenerationTask extends Task<String, List<GeneratedText>>
    permits Summarizer, TextGenerator, TextToText {
  /** The same with other settings of generation; those that were set before are dropped. */
  GenerationTask with(GenerationOptions options);

  /**
   * The same with the space before full stops, commas and English contractions taken away from what
   * is written or not: {@code clean_up_tokenization_spaces} of Hugging Face's pipelines. If not
   * said, {@link TextGenerator} takes it away, others keep it.
   */
  GenerationTask withCleanUp(boolean cleansUp);

  /**
   * The texts for each text.
   *
   * @throws io.lanewise.InputException if a text has more tokens than the model reads, or the
   *     settings do not fit it
   */
  @Override
  default List<List<GeneratedText>> predictAll(List<String> texts) {
    return predictAll(texts, () -> false);
  }

  /**
   * The same, until it is cancelled.
   *
   * @param cancelled asked before each token; true ends all texts where they are
   */
  List<List<GeneratedText>> predictAll(List<String> texts, BooleanSupplier cancelled);

  /**
   * The text for a text, told piece by piece.
   *
   * @return the text that was told
   * @throws io.lanewise.InputException as {@link #predictAll(List)}, or unless {@code num_beams}
   *     and {@code num_return_sequences} are 1
   */
  GeneratedText stream(String text, TextListener listener);
}
