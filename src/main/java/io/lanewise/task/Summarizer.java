package io.lanewise.task;

import io.lanewise.model.Head;
import io.lanewise.model.Options;
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
public final class Summarizer implements AutoCloseable {
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
    return new Summarizer(TextRewriter.load(folder, options, PipelineSettings.SUMMARIZATION));
  }

  /** The summaries of a text as the model's files and the pipeline want them. */
  public List<GeneratedText> predict(String text) {
    return predict(text, GenerateOptions.DEFAULT);
  }

  /**
   * The summaries of a text: {@code num_return_sequences} of them, of a beam search the best first.
   *
   * @throws io.lanewise.InputException if the text has more tokens than the model reads, or the
   *     settings do not fit it
   */
  public List<GeneratedText> predict(String text, GenerateOptions options) {
    return predict(List.of(text), options).getFirst();
  }

  /** The same for many texts, in their order; each comes out as it would alone. */
  public List<List<GeneratedText>> predict(List<String> texts, GenerateOptions options) {
    return predict(texts, options, () -> false);
  }

  /**
   * The same, until it is cancelled.
   *
   * @param cancelled asked before each token; true ends all texts where they are
   */
  public List<List<GeneratedText>> predict(
      List<String> texts, GenerateOptions options, BooleanSupplier cancelled) {
    texts.forEach(text -> warn(text, options));
    return rewriter.predict(texts, options, cancelled);
  }

  /**
   * The summary of a text, told piece by piece.
   *
   * @return the text that was told
   * @throws io.lanewise.InputException as {@link #predict(String, GenerateOptions)}, or unless
   *     {@code num_beams} and {@code num_return_sequences} are 1
   */
  public GeneratedText stream(String text, GenerateOptions options, TextListener listener) {
    warn(text, options);
    return rewriter.stream(text, options, listener);
  }

  private void warn(String text, GenerateOptions options) {
    var advice = advice(text, options);
    advice.forEach(line -> LOG.log(Level.WARNING, line));
  }

  /** What is odd about the lengths asked for; mostly nothing. */
  List<String> advice(String text, GenerateOptions options) {
    var lengths = rewriter.writer().generator(options).config().lengths();
    int most = lengths.mostNew() > 0 ? 1 + lengths.mostNew() : lengths.most();
    if (most < lengths.least()) {
      return List.of(
          "min_length %d is more than the %d tokens that max_length allows: lower it"
              .formatted(lengths.least(), most));
    }
    int tokens = rewriter.encode(text, options).length;
    boolean asked = lengths.mostNew() == 0;
    return asked && tokens < most
        ? List.of(
            "max_length is %d, the text has %d tokens only: a summary should be shorter, say %d"
                .formatted(most, tokens, tokens / 2))
        : List.of();
  }

  @Override
  public void close() {
    rewriter.close();
  }
}
