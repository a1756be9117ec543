package io.lanewise.task;

import io.lanewise.generate.GenerationOptions;
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
 * try (var writer = TextToText.load(Path.of("my-model"))) {
 *   System.out.println(writer.predict("My dog are cute.").getFirst().text());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class TextToText implements GenerationTask {
  private final TextRewriter rewriter;

  private TextToText(TextRewriter rewriter) {
    this.rewriter = rewriter;
  }

  /**
   * Loads a model folder for writing texts.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link
   *     Head#CONDITIONAL_GENERATION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static TextToText load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static TextToText load(FolderSettings folder, TaskOptions options) {
    return new TextToText(TextRewriter.load(folder, options, PipelineSettings.TEXT_TO_TEXT));
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static TextToText load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static TextToText load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  @Override
  public TextToText with(GenerationOptions options) {
    return new TextToText(rewriter.with(options));
  }

  @Override
  public TextToText withCleanUp(boolean cleansUp) {
    return new TextToText(rewriter.withCleanUp(cleansUp));
  }

  @Override
  public List<List<GeneratedText>> predictAll(List<String> texts, BooleanSupplier cancelled) {
    return rewriter.predictAll(texts, cancelled);
  }

  @Override
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
