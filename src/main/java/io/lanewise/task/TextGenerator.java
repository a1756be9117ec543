package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.generate.Generated;
import io.lanewise.generate.Generator;
import io.lanewise.generate.TokenListener;
import io.lanewise.model.Head;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Goes on with a text, as Hugging Face's {@code TextGenerationPipeline} does: with a decoder that
 * stands alone, such as {@code BertLMHeadModel}, {@code RobertaForCausalLM} or {@code
 * BartForCausalLM}. Like the pipeline it samples unless told otherwise, and adds 256 tokens at most.
 *
 * <pre>{@code
 * try (var generator = TextGenerator.load(folder, Options.DEFAULT)) {
 *   var options = GenerateOptions.DEFAULT.with("max_new_tokens", 20).withSeed(7);
 *   System.out.println(generator.predict("Once upon a time", options).getFirst().text());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class TextGenerator implements AutoCloseable {
  private static final PipelineSettings SETTINGS = PipelineSettings.TEXT_GENERATION;

  private final TextWriter writer;
  private final String prefix;

  private TextGenerator(TextWriter writer) {
    this.writer = writer;
    this.prefix = SETTINGS.prefix(writer.model());
  }

  /**
   * Loads a model folder for continuing texts.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the head among them is not used: it is {@link Head#CAUSAL_LM}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or the model is no
   *     decoder
   */
  public static TextGenerator load(Path folder, Options options) {
    var tokenizer = Tokenizer.load(folder);
    var model = Model.load(folder, options.withHead(Head.CAUSAL_LM));
    try {
      model.newCache().close(); // refuses what is no decoder
      return new TextGenerator(new TextWriter(tokenizer, model, SETTINGS));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The continuations of a prompt as the model's files and the pipeline want them. */
  public List<GeneratedText> predict(String prompt) {
    return predict(prompt, GenerateOptions.DEFAULT);
  }

  /**
   * The continuations of a prompt: {@code num_return_sequences} of them, of a beam search the best
   * first.
   *
   * @throws InputException if the prompt has more tokens than the model reads, or the settings do
   *     not fit it
   */
  public List<GeneratedText> predict(String prompt, GenerateOptions options) {
    return predict(List.of(prompt), options).getFirst();
  }

  /** The same for many prompts, in their order; each comes out as it would alone. */
  public List<List<GeneratedText>> predict(List<String> prompts, GenerateOptions options) {
    return predict(prompts, options, () -> false);
  }

  /**
   * The same, until it is cancelled.
   *
   * @param cancelled asked before each token; true ends all texts where they are
   */
  public List<List<GeneratedText>> predict(
      List<String> prompts, GenerateOptions options, BooleanSupplier cancelled) {
    return run(prompts, options, TokenListener.NONE, cancelled);
  }

  /**
   * The continuation of a prompt, told piece by piece; with {@code fullText} the prompt comes
   * first.
   *
   * @return the text that was told
   * @throws InputException as {@link #predict(String, GenerateOptions)}, or if more than one
   *     sequence is asked for, or beams
   */
  public GeneratedText stream(String prompt, GenerateOptions options, TextListener listener) {
    var ids = encode(prompt, options);
    var generator = writer.generator(options);
    Streams.check(generator);
    boolean cleanUp = options.cleansUp(true);
    var tokenizer = writer.tokenizer();
    int silent = codePoints(tokenizer.decode(ids, true, cleanUp));
    var pieces = new Pieces(tokenizer.stream(true, cleanUp), silent, listener);
    for (int id : ids) {
      pieces.add(id);
    }
    boolean wanted = !options.fullText() || prompt.isEmpty() || listener.piece(prompt);
    var result =
        run(
                List.of(prompt),
                options,
                (input, sequence, token) -> pieces.add(token),
                () -> !wanted)
            .getFirst()
            .getFirst();
    pieces.finish();
    return result;
  }

  private int[] encode(String prompt, GenerateOptions options) {
    var ids = writer.encode(prefix + prompt, options);
    if (ids.length > 0) {
      return ids;
    }
    int start = writer.model().generation().integer("bos_token_id", -1);
    if (start < 0) {
      throw new InputException(
          "the prompt has no tokens, and there is no bos_token_id to start with: write something");
    }
    return new int[] {start};
  }

  private List<List<GeneratedText>> run(
      List<String> prompts,
      GenerateOptions options,
      TokenListener listener,
      BooleanSupplier cancelled) {
    var ids = prompts.stream().map(prompt -> encode(prompt, options)).toList();
    var call = new TextWriter.Call(options, listener, cancelled);
    var sequences = writer.run(ids, generator(options), 0, call);
    var results = new ArrayList<List<GeneratedText>>();
    for (int i = 0; i < ids.size(); i++) {
      var prompt = prompts.get(i);
      var own = ids.get(i);
      results.add(sequences.get(i).stream().map(each -> text(prompt, own, each, options)).toList());
    }
    return results;
  }

  /** Lengths that count the prompt do not count the prefix. */
  private Generator generator(GenerateOptions options) {
    var generator = writer.generator(options);
    var lengths = generator.config().lengths();
    if (prefix.isEmpty() || lengths.mostNew() > 0) {
      return generator;
    }
    var plain = writer.tokenizer().options().withAddSpecialTokens(false);
    int more = writer.tokenizer().encode(prefix, plain).length();
    return generator.with("max_length", lengths.most() + more);
  }

  private GeneratedText text(
      String prompt, int[] ids, Generated.Sequence sequence, GenerateOptions options) {
    boolean cleanUp = options.cleansUp(true);
    var tokenizer = writer.tokenizer();
    var tokens = sequence.tokens().length == 0 ? ids : sequence.tokens();
    var whole = tokenizer.decode(tokens, true, cleanUp);
    int known = Math.min(codePoints(tokenizer.decode(ids, true, cleanUp)), codePoints(whole));
    var added = whole.substring(whole.offsetByCodePoints(0, known));
    return new GeneratedText(
        options.fullText() ? prompt + added : added,
        Arrays.copyOfRange(tokens, ids.length, tokens.length),
        sequence.score(),
        sequence.ending());
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  @Override
  public void close() {
    writer.model().close();
  }
}
