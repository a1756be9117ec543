package io.lanewise.task.text;

import io.lanewise.InputException;
import io.lanewise.Remedy;
import io.lanewise.TokenizerException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Model;
import io.lanewise.model.Output;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.TextPair;
import io.lanewise.tensor.Tensor;
import io.lanewise.text.Excerpt;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.EncodeOptions.Truncation;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tokenizer and the model of one folder: what every task is made of. Thread-safe.
 *
 * @param longest tokens that a text may have, specials counted
 */
public record TextModel(Tokenizer tokenizer, Model model, TaskOptions taskOptions, int longest)
    implements AutoCloseable {
  /** Logits of one forward pass over several texts take at most so many floats of the heap. */
  private static final int LOGITS_OF_A_PASS = 16 << 20;

  /** Characters of a text that a message shows. */
  private static final int MOST_OF_A_TEXT = 60;

  /** Texts after which the compiler has seen to the tokenizer. */
  private static final int WARMING = 300;

  /**
   * Loads a folder.
   *
   * @param head the head of the task
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static TextModel load(FolderSettings folder, Head head, TaskOptions options) {
    return of(tokenizer(folder, options.tokenizer()), folder, head, options);
  }

  /**
   * The tokenizer of a folder.
   *
   * @throws TokenizerException as {@link Tokenizer#load(java.nio.file.Path, TokenizerOptions)}
   */
  public static Tokenizer tokenizer(FolderSettings folder, TokenizerOptions options) {
    return Tokenizer.load(
        folder.folder(),
        () -> folder.hasConfig() ? Optional.of(folder.config().json()) : Optional.empty(),
        options);
  }

  /** The same with a tokenizer that has been loaded and found fit. */
  public static TextModel of(
      Tokenizer tokenizer, FolderSettings folder, Head head, TaskOptions options) {
    var model = Model.load(folder, options.model().withHead(head));
    return Passes.noted(
        new TextModel(tokenizer, model, options, Math.min(model.longest(), tokenizer.maxLength())));
  }

  /** A text with its special tokens, cut or refused as the limits say. */
  public Encoding encode(String text) {
    return encode(text, null);
  }

  /**
   * A text or a pair with special tokens, cut or refused as the limits say.
   *
   * @param pair null for none
   * @throws InputException if it has more tokens than the model takes
   */
  public Encoding encode(String text, String pair) {
    return encode(text, pair, options());
  }

  /**
   * The same, with special tokens or without.
   *
   * @throws InputException if it has more tokens than the model takes
   */
  public Encoding encode(String text, String pair, boolean specialTokens) {
    return encode(text, pair, options().withAddSpecialTokens(specialTokens));
  }

  /** A text or a pair with special tokens, cut or refused as the limits say. */
  public Encoding encode(TextPair pair) {
    return encode(pair.first(), pair.second());
  }

  /**
   * A pair with special tokens, cut or refused as the limits say.
   *
   * @throws InputException if there is no second text, or both have more tokens than the model
   *     takes
   */
  public Encoding encodePair(TextPair pair) {
    if (pair.second() == null) {
      throw new InputException(
          "the text \"%s\" stands alone: give the second one, too"
              .formatted(excerpt(pair.first())));
    }
    return encode(pair);
  }

  /**
   * A text or a pair, cut as these options say.
   *
   * @param pair null for none
   * @throws InputException if it cannot be cut so, or has more tokens than the model takes
   */
  public Encoding encode(String text, String pair, EncodeOptions options) {
    try {
      return fitting(tokenizer.encode(text, pair, options), text, pair);
    } catch (TokenizerException e) {
      throw InputException.at(named(text, pair), e);
    }
  }

  /**
   * The encoding, which the model takes.
   *
   * @param text what is named if it does not
   * @throws InputException if it has more tokens than the model takes
   */
  public Encoding fitting(Encoding encoding, String text) {
    return fitting(encoding, text, null);
  }

  private Encoding fitting(Encoding encoding, String text, String pair) {
    if (encoding.length() > longest) {
      Passes.current().ifPresent(runner -> runner.tooLong(encoding.length(), longest));
      throw new InputException(
          named(text, pair)
              + (pair == null ? " has " : " together have ")
              + encoding.length()
              + " tokens, the model takes at most "
              + longest
              + ": shorten what is given, or let it be cut",
          Remedy.MAX_LENGTH);
    }
    return encoding;
  }

  private static String named(String text, String pair) {
    return pair == null
        ? "the text \"%s\"".formatted(excerpt(text))
        : "the texts \"%s\" and \"%s\"".formatted(excerpt(text), excerpt(pair));
  }

  /** How texts are encoded: whole, or cut to the limit and to what the model takes. */
  public EncodeOptions options() {
    int most = taskOptions.maxLength() == 0 ? 0 : Math.min(taskOptions.maxLength(), longest);
    return asked(tokenizer.options().withMaxLength(most).withPadding(false));
  }

  /** As the options say, or whoever calls: a request may ask for another way to cut its texts. */
  private EncodeOptions asked(EncodeOptions options) {
    return Passes.current().map(runner -> runner.cutting(options, longest)).orElse(options);
  }

  /**
   * How texts are encoded where the task cuts them unasked: to the limit, or to what the model
   * takes.
   */
  public EncodeOptions cutting(Truncation truncation) {
    int most = taskOptions.maxLength() == 0 ? longest : Math.min(taskOptions.maxLength(), longest);
    return asked(options().withMaxLength(most)).withTruncation(truncation);
  }

  /** One forward pass over encodings of any lengths, padded on the right to the longest. */
  public Output forward(List<Encoding> batch, Keep... keep) {
    var runner = Passes.current();
    return keep.length == 0 && runner.isPresent()
        ? runner.get().forward(this, batch, Optional.empty())
        : model.forward(inputs(batch), keep);
  }

  /**
   * The same where only some tokens' results are read.
   *
   * @param positions in each encoding
   * @return results [read, …], those of the first encoding first
   */
  public Output forward(List<Encoding> batch, int[][] positions) {
    var runner = Passes.current();
    return runner.isPresent()
        ? runner.get().forward(this, batch, Optional.of(positions))
        : model.forward(inputs(batch).withReadTokens(positions));
  }

  /**
   * The same where the results of all tokens are read, and none of the padding.
   *
   * @return results [tokens of all, …], one encoding after the other
   */
  public Output forwardTokens(List<Encoding> batch) {
    return forward(
        batch,
        batch.stream()
            .map(each -> IntStream.range(0, each.length()).toArray())
            .toArray(int[][]::new));
  }

  /**
   * Encodings of any lengths as the inputs of one pass, padded on the right to the longest. A mask
   * is given where there is padding, types where one is not 0: the defaults say the same. Types
   * that the tokenizer does not name among a model's inputs are none. No task reads what becomes of
   * the padding.
   */
  public Inputs inputs(List<Encoding> batch) {
    int tokens = batch.stream().mapToInt(Encoding::length).max().orElse(0);
    int pad = padId();
    var inputs = Inputs.ids(rows(batch, Encoding::ids, tokens, pad)); // [batch, tokens]
    if (batch.stream().anyMatch(each -> each.length() < tokens)) {
      inputs = inputs.with("attention_mask", rows(batch, Encoding::attentionMask, tokens, 0));
    }
    var types = rows(batch, Encoding::typeIds, tokens, tokenizer.padTypeId());
    if (tokenizer.inputNames().contains("token_type_ids")
        && Arrays.stream(types).flatMapToInt(Arrays::stream).anyMatch(type -> type != 0)) {
      inputs = inputs.with("token_type_ids", types);
    }
    return inputs.withPaddingUnread();
  }

  /**
   * Tokens as the inputs of one pass, padded on the right to the longest. Those that the masks hide
   * are computed like all others.
   *
   * @param masks 1 for tokens that all see, 0 for tokens that none sees, as long as the ids
   */
  public Inputs inputs(List<int[]> ids, List<int[]> masks) {
    int tokens = ids.stream().mapToInt(each -> each.length).max().orElse(0);
    return Inputs.ids(padded(ids.stream(), tokens, padId()))
        .with("attention_mask", padded(masks.stream(), tokens, 0));
  }

  private static int[][] rows(
      List<Encoding> batch, Function<Encoding, int[]> of, int tokens, int pad) {
    return padded(batch.stream().map(of), tokens, pad);
  }

  private static int[][] padded(Stream<int[]> rows, int tokens, int pad) {
    return rows.map(
            each -> {
              int[] row = Arrays.copyOf(each, tokens);
              Arrays.fill(row, each.length, tokens, pad);
              return row;
            })
        .toArray(int[][]::new);
  }

  /** What fills the ends of short rows: the padding token, or any id where there is none. */
  private int padId() {
    return tokenizer.specials().id("pad_token").orElse(0);
  }

  /** Answers items in batches within the limits; see {@link Batching#run}. */
  public <I, A> List<A> run(
      List<I> items, ToIntFunction<I> length, Function<List<I>, List<A>> pass) {
    begin(items, length);
    return Batching.run(items, length, taskOptions.batchTokens(), pass, taskOptions.listener());
  }

  /**
   * The logits of whole sequences, [labels] each, in the order of the encodings. They are run in
   * batches within the limits; sequences with different numbers of end tokens are kept apart,
   * because a head that reads the last of them wants equally many.
   */
  public List<float[]> logits(List<Encoding> encodings) {
    begin(encodings, Encoding::length);
    return Batching.run(
        encodings,
        Encoding::length,
        this::endTokens,
        taskOptions.batchTokens(),
        batch -> rows(logitsOf(batch)),
        taskOptions.listener());
  }

  /** How many of the tokens that end a text this has. */
  public int endTokens(Encoding encoding) {
    int end = tokenizer.specials().id("eos_token").orElse(-1);
    return (int) Arrays.stream(encoding.ids()).filter(id -> id == end).count();
  }

  /** Tells whoever runs the passes what is to come, before anything is computed. */
  private static <I> void begin(List<I> items, ToIntFunction<I> length) {
    Passes.current()
        .ifPresent(
            runner ->
                runner.begin(items.size(), items.stream().mapToLong(length::applyAsInt).sum()));
  }

  /** [batch, labels]; of choices, each of which is a question of its own here, [batch, 1]. */
  private Tensor logitsOf(List<Encoding> batch) {
    return switch (model.head() == Head.MULTIPLE_CHOICE ? choices(batch) : forward(batch)) {
      case Output.Logits output -> output.logits();
      case Output other ->
          throw new IllegalStateException("a classification gave " + other.getClass());
    };
  }

  private Output choices(List<Encoding> batch) {
    var inputs = inputs(batch);
    for (var input : inputs.tensors().entrySet()) {
      long tokens = input.getValue().shape().size(1);
      inputs = inputs.with(input.getKey(), input.getValue().reshape(batch.size(), 1, tokens));
    }
    return model.forward(inputs);
  }

  /**
   * The rows of logits [batch, labels].
   *
   * @throws InputException if one is NaN or infinite: there are no scores then
   */
  public static List<float[]> rows(Tensor logits) {
    var rows = new ArrayList<float[]>();
    for (int row = 0; row < logits.shape().size(0); row++) {
      var values = logits.row(row);
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw new InputException(
              "the model gives " + values[i] + " for label " + i + ": its weights are not usable");
        }
      }
      rows.add(values);
    }
    return rows;
  }

  /**
   * Answers encodings in batches, where the model gives the logits of the whole vocabulary for each
   * token: such a pass takes less.
   */
  public <A> List<A> runOverVocabulary(
      List<Encoding> encodings, Function<List<Encoding>, List<A>> pass) {
    int budget = Math.max(1, LOGITS_OF_A_PASS / tokenizer.size());
    begin(encodings, Encoding::length);
    return Batching.run(
        encodings,
        Encoding::length,
        Math.min(taskOptions.batchTokens(), budget),
        pass,
        taskOptions.listener());
  }

  /** The beginning of a text, for messages. */
  public static String excerpt(String text) {
    return Excerpt.beginning(text, MOST_OF_A_TEXT);
  }

  /** {@link io.lanewise.task.Task#warmUp}. */
  public void warmUp() {
    var options = cutting(Truncation.LONGEST_FIRST); // some models read a few tokens only
    for (int i = 0; i < WARMING; i++) {
      encode("The first text takes 1,000 times as long as the last.", null, options);
    }
    model.warmUp();
  }

  @Override
  public void close() {
    model.close();
  }
}
