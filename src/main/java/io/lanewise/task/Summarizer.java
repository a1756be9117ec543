package io.lanewise.task;

import io.lanewise.generate.GenerationOptions;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.PipelineSettings;
import io.lanewise.task.text.TextRewriter;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Sums up a text, as Hugging Face's {@code SummarizationPipeline} does: with an encoder-decoder
 * that was trained for it, such as {@code facebook/bart-large-cnn}.
 *
 * <pre>{@code
 * try (var summarizer = Summarizer.load(Path.of("my-model"))) {
 *   var options = GenerationOptions.DEFAULT.withBeams(4).withMaxLength(60);
 *   var summary = summarizer.with(options).predict("A long article.").getFirst();
 *   System.out.println(summary.text());
 * }
 * }</pre>
 *
 * <p>Lengths that make no sense for a summary are allowed, with a warning to the logger {@code
 * io.lanewise.task}. Thread-safe. Closing waits for running calls and frees the model.
 */
public final class Summarizer implements GenerationTask {
  private static final System.Logger LOG = System.getLogger("io.lanewise.task");

  private final TextRewriter rewriter;

  private Summarizer(TextRewriter rewriter) {
    this.rewriter = rewriter;
  }

  /**
   * Loads a model folder for summaries.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link
   *     Head#CONDITIONAL_GENERATION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static Summarizer load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static Summarizer load(FolderSettings folder, TaskOptions options) {
    return new Summarizer(TextRewriter.load(folder, options, PipelineSettings.SUMMARIZATION));
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static Summarizer load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static Summarizer load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  @Override
  public Summarizer with(GenerationOptions options) {
    return new Summarizer(rewriter.with(options));
  }

  @Override
  public Summarizer withCleanUp(boolean cleansUp) {
    return new Summarizer(rewriter.withCleanUp(cleansUp));
  }

  @Override
  public List<List<GeneratedText>> predictAll(List<String> texts, BooleanSupplier cancelled) {
    Given.inputs(texts).forEach(this::warn);
    return rewriter.predictAll(texts, cancelled);
  }

  @Override
  public GeneratedText stream(String text, TextListener listener) {
    warn(Given.text("text", text));
    return rewriter.stream(text, listener);
  }

  private void warn(String text) {
    advice(text).forEach(line -> LOG.log(Level.WARNING, line));
  }

  /** What is odd about the lengths asked for; mostly nothing. */
  List<String> advice(String text) {
    var lengths = rewriter.writer().generator().config().lengths();
    int most = lengths.mostNew() > 0 ? 1 + lengths.mostNew() : lengths.most();
    if (most < lengths.least()) {
      return List.of(
          "min_length %d is more than the %d tokens that max_length allows: lower it"
              .formatted(lengths.least(), most));
    }
    if (lengths.mostNew() > 0) {
      return List.of(); // the pipeline's own max_new_tokens is no choice of anybody's
    }
    int tokens = rewriter.encode(text).length;
    return tokens < most
        ? List.of(
            "max_length is %d, the text has %d tokens only: a summary should be shorter, say %d"
                .formatted(most, tokens, tokens / 2))
        : List.of();
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
