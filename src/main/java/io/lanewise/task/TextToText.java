package io.lanewise.task;

import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.text.PipelineSettings;
import io.lanewise.task.text.TextRewriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Writes one text for another, as Hugging Face's {@code Text2TextGenerationPipeline} does: with an
 * encoder-decoder, {@code BartForConditionalGeneration}. Like the pipeline it searches with 4 beams
 * and writes 256 tokens at most, unless told otherwise.
 *
 * <pre>{@code
 * try (var writer = TextToText.load(folder, Options.DEFAULT)) {
 *   System.out.println(writer.predict("My dog are cute.").getFirst().text());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class TextToText implements Task<String, List<GeneratedText>> {
  private final TextRewriter rewriter;

  private TextToText(TextRewriter rewriter) {
    this.rewriter = rewriter;
  }

  /**
   * Loads a model folder for writing texts.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the head among them is not used: it is {@link Head#CONDITIONAL_GENERATION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static TextToText load(Path folder, Options options) {
    return load(folder, options, Limits.DEFAULT);
  }

  /** The same within other limits; what is written counts to the tokens of a batch. */
  public static TextToText load(Path folder, Options options, Limits limits) {
    return load(FolderSettings.of(folder), options, limits);
  }

  /** The same from a folder whose settings may have been read. */
  public static TextToText load(FolderSettings folder, Options options, Limits limits) {
    return new TextToText(
        TextRewriter.load(folder, options, limits, PipelineSettings.TEXT_TO_TEXT));
  }

  /** The same with other settings of generation. */
  public TextToText with(GenerateOptions options) {
    return new TextToText(rewriter.with(options));
  }

  /**
   * The texts for each text: {@code num_return_sequences} of them, of a beam search the best first.
   *
   * @throws io.lanewise.InputException if a text has more tokens than the model reads, or the
   *     settings do not fit it
   */
  @Override
  public List<List<GeneratedText>> predictAll(List<String> texts) {
    return predictAll(texts, () -> false);
  }

  /**
   * The same, until it is cancelled.
   *
   * @param cancelled asked before each token; true ends all texts where they are
   */
  public List<List<GeneratedText>> predictAll(List<String> texts, BooleanSupplier cancelled) {
    return rewriter.predictAll(texts, cancelled);
  }

  /**
   * The text for a text, told piece by piece.
   *
   * @return the text that was told
   * @throws io.lanewise.InputException as {@link #predictAll}, or unless {@code num_beams} and
   *     {@code num_return_sequences} are 1
   */
  public GeneratedText stream(String text, TextListener listener) {
    return rewriter.stream(text, listener);
  }

  @Override
  public void warmUp() {
    rewriter.warmUp();
  }

  @Override
  public void close() {
    rewriter.close();
  }
}
