package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.TokenizerException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.task.Likelihood.Token;
import io.lanewise.task.text.Batching;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.TextModel;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Says how likely a text is.
 *
 * <p>A causal model gives each token but the first its probability after those before it, special
 * tokens included: the perplexity is {@code exp(loss)} of Hugging Face's model with the text as
 * labels. A masked model gives each token that is not special its probability with all others in
 * sight, one mask at a time: the pseudo-log-likelihood of Salazar et al. 2020, whose perplexity
 * compares texts under one model, not models.
 *
 * <pre>{@code
 * try (var scorer = Scorer.load(Path.of("weights/albert-tiny-demo"))) {
 *   System.out.println(scorer.predict("Paris is the capital of France.").perplexity());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class Scorer implements Task<String, Likelihood> {
  /** Logits of one forward pass take at most so many floats of the heap. */
  private static final int LOGITS_OF_A_PASS = 16 << 20;

  private final TextModel texts;
  private final int mask; // id; -1 for a causal model

  private Scorer(TextModel texts, int mask) {
    this.texts = texts;
    this.mask = mask;
  }

  /**
   * Loads a model folder for the likelihood of texts.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options a head among them, {@link Head#CAUSAL_LM} or {@link Head#MASKED_LM}, chooses the
   *     kind; without one a folder {@code ForCausalLM} is causal, any other masked
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or its tokenizer has no
   *     mask token for a masked model
   */
  public static Scorer load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static Scorer load(FolderSettings folder, TaskOptions options) {
    var head = options.model().head().orElseGet(() -> head(folder));
    if (head != Head.CAUSAL_LM && head != Head.MASKED_LM) {
      throw new InputException(
          "the head "
              + head.suffix()
              + " gives no likelihood: take "
              + Head.CAUSAL_LM.suffix()
              + " or "
              + Head.MASKED_LM.suffix());
    }
    var texts = TextModel.load(folder, head, options);
    try {
      return new Scorer(texts, head == Head.CAUSAL_LM ? causal(texts) : mask(folder, texts));
    } catch (RuntimeException e) {
      texts.close();
      throw e;
    }
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static Scorer load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static Scorer load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  private static Head head(FolderSettings folder) {
    return folder.head().filter(head -> head == Head.CAUSAL_LM).orElse(Head.MASKED_LM);
  }

  private static int causal(TextModel texts) {
    texts.model().checkDecoder();
    return -1;
  }

  private static int mask(FolderSettings folder, TextModel texts) {
    return texts
        .tokenizer()
        .specials()
        .id("mask_token")
        .orElseThrow(
            () ->
                new TokenizerException(
                    folder + ": the tokenizer has no mask token, which a masked model needs"));
  }

  /** Whether each token is seen from those before it, and not from all others. */
  public boolean isCausal() {
    return mask < 0;
  }

  /**
   * The likelihood of each text.
   *
   * @throws InputException if a text has more tokens than the model takes
   */
  @Override
  public List<Likelihood> predictAll(List<String> inputs) {
    Given.inputs(inputs);
    var encodings = inputs.stream().map(texts::encode).toList();
    return isCausal() ? batched(encodings, Encoding::length, this::causal) : masked(encodings);
  }

  private <I, A> List<A> batched(
      List<I> items, ToIntFunction<I> length, Function<List<I>, List<A>> pass) {
    int budget =
        Math.min(
            texts.taskOptions().batchTokens(),
            Math.max(1, LOGITS_OF_A_PASS / texts.tokenizer().size()));
    return Batching.run(items, length, budget, pass, texts.taskOptions().listener());
  }

  private List<Likelihood> causal(List<Encoding> batch) {
    var logits = logits(texts.inputs(batch)); // [batch, tokens, V]
    return IntStream.range(0, batch.size())
        .mapToObj(
            row ->
                Likelihood.of(
                    IntStream.range(1, batch.get(row).length())
                        .mapToObj(at -> token(batch.get(row), at, logits.row(row, at - 1)))
                        .toList()))
        .toList();
  }

  /** A token of a text, to be masked. */
  private record Masked(int text, Encoding encoding, int at) {}

  private List<Likelihood> masked(List<Encoding> encodings) {
    var items = new ArrayList<Masked>();
    for (int text = 0; text < encodings.size(); text++) {
      var encoding = encodings.get(text);
      int[] special = encoding.specialTokensMask();
      for (int at = 0; at < encoding.length(); at++) {
        if (special[at] == 0) {
          items.add(new Masked(text, encoding, at));
        }
      }
    }
    var tokens = batched(items, item -> item.encoding.length(), this::masks);
    var byText =
        IntStream.range(0, items.size())
            .boxed()
            .collect(
                Collectors.groupingBy(
                    i -> items.get(i).text, Collectors.mapping(tokens::get, Collectors.toList())));
    return IntStream.range(0, encodings.size())
        .mapToObj(text -> Likelihood.of(byText.getOrDefault(text, List.of())))
        .toList();
  }

  private List<Token> masks(List<Masked> batch) {
    var inputs = texts.inputs(batch.stream().map(Masked::encoding).toList());
    var ids = inputs.tensors().get("input_ids"); // [batch, tokens]
    var hidden = ids.longs().clone();
    for (int row = 0; row < batch.size(); row++) {
      hidden[row * ids.shape().size(1) + batch.get(row).at] = mask;
    }
    var places = batch.stream().map(item -> new int[] {item.at}).toArray(int[][]::new);
    var masked = inputs.with("input_ids", Tensor.of(hidden, ids.shape().dims()));
    var logits = logits(masked.withReadTokens(places)); // [batch, V]
    return IntStream.range(0, batch.size())
        .mapToObj(row -> token(batch.get(row).encoding, batch.get(row).at, logits.row(row)))
        .toList();
  }

  private Tensor logits(Inputs inputs) {
    return switch (texts.model().forward(inputs)) {
      case Output.Logits output -> output.logits();
      case Output other ->
          throw new IllegalStateException("a language model gave " + other.getClass());
    };
  }

  private static Token token(Encoding encoding, int at, float[] scores) {
    int id = encoding.ids()[at];
    double most = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      most = Math.max(most, score);
    }
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp(score - most);
    }
    double log = scores[id] - most - Math.log(sum);
    return new Token(id, encoding.token(at), encoding.starts()[at], encoding.ends()[at], log);
  }

  @Override
  public void warmUp() {
    texts.warmUp();
  }

  @Override
  public void close() {
    texts.close();
  }
}
