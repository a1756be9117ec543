package io.lanewise.task;

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
 * try (var summarizer = Summarizer.load(folder, Options.DEFAULT)) {
 *   System.out.println(summarizer.predict(article).getFirst().text());
 * }
 * }</pre>
 *
 * <p>Lengths that make no sense for a summary are allowed, with a warning to the logger {@code
 * io.lanewise.task}. Thread-safe. Closing waits for running calls and frees the model.
 */
public final class Summarizer implements Task<String, List<GeneratedText>> {
  private static final System.Logger LOG = System.getLogger("io.lanewise.task");

  private final TextRewriter rewriter;

  private Summarizer(TextRewriter rewriter) {
    this.rewriter = rewriter;
  }

  /**
   * Loads a model folder for summaries.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the head among them is not used: it is {@link Head#CONDITIONAL_GENERATION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static Summarizer load(Path folder, Options options) {
    return load(folder, options, Limits.DEFAULT);
  }

  /** The same within other limits; what is written counts to the tokens of a batch. */
  public static Summarizer load(Path folder, Options options, Limits limits) {
    return load(FolderSettings.of(folder), options, limits);
  }

  /** The same from a folder whose settings may have been read. */
  public static Summarizer load(FolderSettings folder, Options options, Limits limits) {
    return new Summarizer(
        TextRewriter.load(folder, options, limits, PipelineSettings.SUMMARIZATION));
  }

  /** The same with other settings of generation. */
  public Summarizer with(GenerateOptions options) {
    return new Summarizer(rewriter.with(options));
  }

  /**
   * The summaries for each text: {@code num_return_sequences} of them, of a beam search the best
   * first.
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
    Given.inputs(texts).forEach(this::warn);
    return rewriter.predictAll(texts, cancelled);
  }

  /**
   * The summary for a text, told piece by piece.
   *
   * @return the text that was told
   * @throws io.lanewise.InputException as {@link #predictAll}, or unless {@code num_beams} and
   *     {@code num_return_sequences} are 1
   */
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
