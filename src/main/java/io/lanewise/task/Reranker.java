package io.lanewise.task;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.Remedy;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.sentence.CrossEncoderFolder;
import io.lanewise.task.sentence.SentenceModel;
import io.lanewise.task.sentence.TorchFunction;
import io.lanewise.task.text.Given;
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
  private final SentenceModel model;
  private final TorchFunction function;
  private final int top;

  private Reranker(SentenceModel model, TorchFunction function, int top) {
    this.model = model;
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
  public record Ranked(int index, String passage, float score) {
    /** The best of them, the best first; of equal ones the first. */
    static List<Ranked> best(List<Ranked> ranked, int top) {
      return ranked.stream()
          .sorted(Comparator.comparingDouble((Ranked one) -> -one.score()))
          .limit(top)
          .toList();
    }

    /** How many are asked for, at least 1. */
    static int checkedTop(int top) {
      if (top < 1) {
        throw new InputException("top " + top + ": at least 1 passage must be asked for");
      }
      return top;
    }
  }

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
    var cross = CrossEncoderFolder.read(folder.folder());
    var model =
        SentenceModel.load(folder, cross.transformer(), Head.SEQUENCE_CLASSIFICATION, options);
    try {
      int labels = model.texts().model().labels().size();
      if (labels != 1) {
        throw new CheckpointException(
            "%s: the model has %d labels, a reranker has one: let it give labels"
                .formatted(folder, labels),
            Remedy.CLASSIFY);
      }
      var function = cross.function(model.texts().model().config());
      return new Reranker(model, function, Integer.MAX_VALUE);
    } catch (RuntimeException e) {
      model.close();
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
    return new Reranker(model, chosen, top);
  }

  /**
   * The same with no more than so many passages in an answer; all if not said.
   *
   * @throws InputException if it is less than 1
   */
  public Reranker withTop(int newTop) {
    return new Reranker(model, function, Ranked.checkedTop(newTop));
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
    var encodings = new ArrayList<Encoding>();
    for (var each : inputs) {
      for (var passage : each.passages()) {
        encodings.add(model.encodePair(each.query(), passage));
      }
    }
    encodings.forEach(each -> tokens.accept(each.length()));
    var logits = model.texts().logits(encodings).iterator();
    return inputs.stream()
        .map(
            each -> {
              var ranked = new ArrayList<Ranked>();
              for (int i = 0; i < each.passages().size(); i++) {
                float score = (float) function.of(logits.next()[0], TorchFunction.SLOPE);
                ranked.add(new Ranked(i, each.passages().get(i), score));
              }
              return Ranked.best(ranked, top);
            })
        .toList();
  }

  @Override
  public void warmUp() {
    model.texts().warmUp();
  }

  @Override
  public void close() {
    model.close();
  }
}
