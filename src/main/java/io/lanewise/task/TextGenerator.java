package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.generate.Generated;
import io.lanewise.generate.GenerationOptions;
import io.lanewise.generate.Generator;
import io.lanewise.generate.TokenListener;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.PipelineSettings;
import io.lanewise.task.text.TextModel;
import io.lanewise.task.text.TextWriter;
import io.lanewise.task.text.WrittenPieces;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Goes on with a text, as Hugging Face's {@code TextGenerationPipeline} does: with a decoder that
 * stands alone, such as {@code BertLMHeadModel}, {@code RobertaForCausalLM} or {@code
 * BartForCausalLM}. Like the pipeline it samples unless told otherwise, and adds 256 tokens at
 * most.
 *
 * <pre>{@code
 * try (var generator = TextGenerator.load(Path.of("my-model"))) {
 *   var brief = generator.with(GenerationOptions.DEFAULT.withMaxNewTokens(20).withSeed(7));
 *   System.out.println(brief.predict("Once upon a time").getFirst().text());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class TextGenerator implements GenerationTask {
  private final TextWriter writer;
  private final String prefix;
  private final boolean fullText;
  private final boolean specialTokens;

  private TextGenerator(TextWriter writer, String prefix, boolean fullText, boolean specialTokens) {
    this.writer = writer;
    this.prefix = prefix;
    this.fullText = fullText;
    this.specialTokens = specialTokens;
  }

  /**
   * Loads a model folder for continuing texts.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link Head#CAUSAL_LM}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or the model is no
   *     decoder
   */
  public static TextGenerator load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static TextGenerator load(FolderSettings folder, TaskOptions options) {
    var settings = PipelineSettings.TEXT_GENERATION;
    var texts = TextModel.load(folder, Head.CAUSAL_LM, options);
    try {
      texts.model().checkDecoder();
      var writer = new TextWriter(texts, settings, GenerationOptions.DEFAULT, true, 0);
      return new TextGenerator(writer, settings.prefix(texts.model()), true, true);
    } catch (RuntimeException e) {
      texts.close();
      throw e;
    }
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static TextGenerator load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static TextGenerator load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  @Override
  public TextGenerator with(GenerationOptions options) {
    return new TextGenerator(writer.with(options), prefix, fullText, specialTokens);
  }

  @Override
  public TextGenerator withCleanUp(boolean cleansUp) {
    return new TextGenerator(writer.withCleanUp(cleansUp), prefix, fullText, specialTokens);
  }

  /**
   * The same with answers that repeat the prompt before its continuation or not, {@code
   * return_full_text}; repeated if not said.
   */
  public TextGenerator withFullText(boolean newFullText) {
    return new TextGenerator(writer, prefix, newFullText, specialTokens);
  }

  /**
   * The same with the tokenizer's special tokens around the prompt or not, {@code
   * add_special_tokens}; with them if not said.
   */
  public TextGenerator withSpecialTokens(boolean newSpecialTokens) {
    return new TextGenerator(writer, prefix, fullText, newSpecialTokens);
  }

  @Override
  public List<List<GeneratedText>> predictAll(List<String> prompts, BooleanSupplier cancelled) {
    var ids = Given.inputs(prompts).stream().map(this::encode).toList();
    var sequences = writer.run(ids, lengthened(writer.generator()), TokenListener.NONE, cancelled);
    return IntStream.range(0, ids.size())
        .mapToObj(
            i ->
                sequences.get(i).stream()
                    .map(each -> text(prompts.get(i), ids.get(i), each))
                    .toList())
        .toList();
  }

  /**
   * The continuation of a prompt, told piece by piece; the prompt comes first unless {@link
   * #withFullText} says otherwise.
   */
  @Override
  public GeneratedText stream(String prompt, TextListener listener) {
    var ids = encode(Given.text("prompt", prompt));
    var generator = lengthened(writer.streamed());
    int silent = codePoints(decoded(ids));
    var stream = tokenizer().stream(true, writer.cleansUp());
    var pieces = new WrittenPieces(stream, silent, listener);
    for (int id : ids) {
      pieces.add(id);
    }
    boolean tellsPrompt = fullText && !prompt.isEmpty();
    boolean wanted = !tellsPrompt || listener.piece(prompt);
    var sequences =
        writer.run(
            List.of(ids), generator, (input, sequence, token) -> pieces.add(token), () -> !wanted);
    pieces.finish();
    return text(prompt, ids, sequences.getFirst().getFirst());
  }

  private int[] encode(String prompt) {
    var encoding = writer.texts().encode(prefix + prompt, null, specialTokens);
    if (encoding.length() > 0) {
      return encoding.ids();
    }
    int start = writer.texts().model().generation().integer("bos_token_id", -1);
    if (start < 0) {
      throw new InputException(
          "the prompt has no tokens, and there is no bos_token_id to start with: write something");
    }
    return new int[] {start};
  }

  /** Lengths that count the prompt do not count the prefix. */
  private Generator lengthened(Generator generator) {
    var lengths = generator.config().lengths();
    if (prefix.isEmpty() || lengths.mostNew() > 0) {
      return generator;
    }
    int more = writer.texts().encode(prefix, null, false).length();
    return generator.with("max_length", lengths.most() + more);
  }

  private GeneratedText text(String prompt, int[] ids, Generated.Sequence sequence) {
    var tokens = sequence.tokens().length == 0 ? ids : sequence.tokens();
    var whole = decoded(tokens);
    int known = Math.min(codePoints(decoded(ids)), codePoints(whole));
    var added = whole.substring(whole.offsetByCodePoints(0, known));
    return new GeneratedText(
        fullText ? prompt + added : added,
        Arrays.copyOfRange(tokens, ids.length, tokens.length),
        sequence.score(),
        sequence.ending());
  }

  private Tokenizer tokenizer() {
    return writer.texts().tokenizer();
  }

  private String decoded(int[] ids) {
    return tokenizer().decode(ids, true, writer.cleansUp());
  }

  /** Python counts characters so. */
  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  @Override
  public void warmUp() {
    writer.texts().warmUp();
  }

  @Override
  public void close() {
    writer.texts().close();
  }
}
