package io.lanewise.task;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.Remedy;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.sentence.SentenceText;
import io.lanewise.task.sentence.TorchFunction;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.EncodeOptions.Truncation;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Sorts passages by how well they answer a query, with a cross-encoder: a model that reads query
 * and passage together and has one output. Scores are those of the {@code CrossEncoder} of
 * sentence-transformers.
 *
 * <pre>{@code
 * try (var reranker = Reranker.load(Path.of("ms-marco-MiniLM-L6-v2"))) {
 *   var passages = List.of("Etna is a volcano.", "Etna is 3,403 m high.");
 *   var best = reranker.predict("How tall is Etna?", passages).getFirst();
 *   System.out.println(best.passage() + " " + best.score());
 * }
 * }</pre>
 *
 * <p>A pair that is too long is cut, the longer text first. Thread-safe. Closing waits for running
 * calls and frees the model.
 */
public final class Reranker implements Task<Reranker.Query, List<Reranker.Ranked>> {
  private static final String BEFORE = "sbert_ce_default_activation_function";

  private final TextModel texts;
  private final TorchFunction function;
  private final int top;

  private Reranker(TextModel texts, TorchFunction function, int top) {
    this.texts = texts;
    this.function = function;
    this.top = top;
  }

  /** A query and the passages that may answer it. */
  public record Query(String query, List<String> passages) {
    public Query {
      Given.text("query", query);
      passages = Given.texts("passage", passages);
    }
  }

  /**
   * A passage and how well it answers.
   *
   * @param index where it stands among those of the query
   * @param score higher is better; from 0 to 1 if the function is the sigmoid
   */
  public record Ranked(int index, String passage, float score) {}

  /**
   * Loads a folder with a cross-encoder.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link
   *     Head#SEQUENCE_CLASSIFICATION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or the model has several
   *     outputs
   */
  public static Reranker load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static Reranker load(FolderSettings folder, TaskOptions options) {
    var texts = TextModel.load(folder, Head.SEQUENCE_CLASSIFICATION, options);
    try {
      int labels = texts.model().labels().size();
      if (labels != 1) {
        throw new CheckpointException(
            "%s: the model has %d labels, a reranker has one: let it give labels"
                .formatted(folder, labels),
            Remedy.CLASSIFY);
      }
      return new Reranker(texts, function(texts.model().config()), Integer.MAX_VALUE);
    } catch (RuntimeException e) {
      texts.close();
      throw e;
    }
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static Reranker load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static Reranker load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /** What the file says under its key of today or that of versions before 4; else the sigmoid. */
  private static TorchFunction function(Config config) {
    var tree = JsonConfig.tree(config);
    var today = tree.path("sentence_transformers").path("activation_fn");
    var name = today.isMissingNode() ? tree.path(BEFORE) : today;
    if (name.isMissingNode() || name.isNull()) {
      return TorchFunction.SIGMOID;
    }
    var key = today.isMissingNode() ? BEFORE : "sentence_transformers: activation_fn";
    var function = TorchFunction.named(config, key, name.asText());
    if (function.isOfVectors()) {
      throw config.wrong(
          key, function.title() + " of a single output is the same for all: take Sigmoid");
    }
    if (function == TorchFunction.RRELU) {
      throw config.wrong(key, "RReLU draws its scores at random: take LeakyReLU");
    }
    return function;
  }

  /**
   * The same with another way from a logit to a score. If not said it is what the file says, and
   * the sigmoid where it is silent.
   *
   * @param newFunction not the softmax, which is 1 for a single output
   */
  public Reranker withFunction(ScoreFunction newFunction) {
    if (newFunction == ScoreFunction.SOFTMAX) {
      throw new InputException("the softmax of a single output is always 1: take the sigmoid");
    }
    var chosen = newFunction == ScoreFunction.NONE ? TorchFunction.IDENTITY : TorchFunction.SIGMOID;
    return new Reranker(texts, chosen, top);
  }

  /**
   * The same with no more than so many passages in an answer; all if not said.
   *
   * @throws InputException if it is less than 1
   */
  public Reranker withTop(int newTop) {
    if (newTop < 1) {
      throw new InputException("top " + newTop + ": at least 1 passage must be asked for");
    }
    return new Reranker(texts, function, newTop);
  }

  /** How a score is made of a logit: the name of the function in torch, such as {@code Sigmoid}. */
  public String function() {
    return function.title();
  }

  /** The passages of one query, the best first. */
  public List<Ranked> predict(String query, List<String> passages) {
    return predict(new Query(query, passages));
  }

  /** For each query its passages, the best first. */
  @Override
  public List<List<Ranked>> predictAll(List<Query> inputs) {
    return predictAll(inputs, _ -> {});
  }

  /**
   * The same for a caller who counts tokens.
   *
   * @param tokens told of each passage, in their order and before any is computed, how many tokens
   *     of it and its query go through the model: the special ones among them, not what was cut
   */
  public List<List<Ranked>> predictAll(List<Query> inputs, IntConsumer tokens) {
    Given.inputs(inputs);
    var options = texts.cutting(Truncation.LONGEST_FIRST);
    var encodings = new ArrayList<Encoding>();
    for (var each : inputs) {
      var query = SentenceText.strip(each.query());
      for (var passage : each.passages()) {
        encodings.add(texts.encode(query, SentenceText.strip(passage), options));
      }
    }
    encodings.forEach(each -> tokens.accept(each.length()));
    var logits = texts.logits(encodings).iterator();
    return inputs.stream()
        .map(
            each -> {
              var ranked = new ArrayList<Ranked>();
              for (int i = 0; i < each.passages().size(); i++) {
                float score = (float) function.of(logits.next()[0], TorchFunction.SLOPE);
                ranked.add(new Ranked(i, each.passages().get(i), score));
              }
              ranked.sort(Comparator.comparingDouble((Ranked one) -> -one.score()));
              return ranked.stream().limit(top).toList();
            })
        .toList();
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
