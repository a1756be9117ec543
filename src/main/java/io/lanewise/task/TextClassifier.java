package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.text.Batching;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.TextModel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Gives texts, or pairs of texts, their labels, as Hugging Face's {@code
 * TextClassificationPipeline} does.
 *
 * <pre>{@code
 * try (var classifier = TextClassifier.load(Path.of("weights/albert-tiny-sentiment"))) {
 *   var best = classifier.predict("This film is a joy.").getFirst();
 *   System.out.println(best.label() + " " + best.score());
 *   var all = classifier.predictAll(List.of("A fine film.", "The worst film of the year."));
 *   System.out.println(all.size() + " answers");
 * }
 * }</pre>
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model.
 */
public final class TextClassifier implements Task<TextPair, List<LabelScore>> {
  private final TextModel texts;
  private final List<String> labels;
  private final ScoreFunction function;
  private final int top;
  private final float threshold;

  private TextClassifier(
      TextModel texts, List<String> labels, ScoreFunction function, int top, float threshold) {
    this.texts = texts;
    this.labels = labels;
    this.function = function;
    this.top = top;
    this.threshold = threshold;
  }

  /**
   * Loads a model folder for the classification of texts.
   *
   * @param folder holds the checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link
   *     Head#SEQUENCE_CLASSIFICATION}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static TextClassifier load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static TextClassifier load(FolderSettings folder, TaskOptions options) {
    var texts = TextModel.load(folder, Head.SEQUENCE_CLASSIFICATION, options);
    var labels = texts.model().labels();
    var problem = texts.model().config().problemType().orElse(null);
    var function = ScoreFunction.of(problem, labels.size());
    return new TextClassifier(texts, labels, function, Integer.MAX_VALUE, Float.NEGATIVE_INFINITY);
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static TextClassifier load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static TextClassifier load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /**
   * The same with no more than so many labels in an answer; all if not said.
   *
   * @throws InputException if it is less than 1
   */
  public TextClassifier withTop(int newTop) {
    if (newTop < 1) {
      throw new InputException("top " + newTop + ": at least 1 label must be asked for");
    }
    return new TextClassifier(texts, labels, function, newTop, threshold);
  }

  /**
   * The same with another way from logits to scores. If not said it is {@link ScoreFunction#NONE}
   * for regression, {@link ScoreFunction#SIGMOID} for several labels at once or a single output,
   * {@link ScoreFunction#SOFTMAX} otherwise, as {@code problem_type} and the number of labels say.
   */
  public TextClassifier withFunction(ScoreFunction newFunction) {
    return new TextClassifier(texts, labels, newFunction, top, threshold);
  }

  /**
   * The same with only those labels in an answer whose score is higher than this; it may then be
   * empty. For models that give several labels at once, 0.5 is usual.
   */
  public TextClassifier withThreshold(float newThreshold) {
    return new TextClassifier(texts, labels, function, top, newThreshold);
  }

  /** All labels, in the order of the model's outputs. */
  public List<String> labels() {
    return labels;
  }

  /** How many tokens a text may have, the special ones counted; a longer one is refused or cut. */
  public int longest() {
    int most = texts.taskOptions().maxLength();
    return most == 0 ? texts.longest() : Math.min(most, texts.longest());
  }

  /** How scores are made of logits. */
  public ScoreFunction function() {
    return function;
  }

  /** The labels of one text, the best first. */
  public List<LabelScore> predict(String text) {
    return predict(TextPair.of(text));
  }

  /**
   * For each text its labels, the best first. It takes a collection because a list of texts and a
   * list of pairs are the same to the JVM; {@code predictAll(List.of("a", "b"))} comes here. An
   * empty list names its type: {@code List.<String>of()}.
   *
   * @throws InputException if one has more tokens than the model takes
   */
  public List<List<LabelScore>> predictAll(Collection<String> texts) {
    List<TextPair> inputs = Given.each(texts, TextPair::of);
    return predictAll(inputs);
  }

  /** Texts in the place of pairs, as {@link #predictEach} takes them. */
  public Stream<List<LabelScore>> predictEachText(Stream<String> texts) {
    return Batching.windows(texts, window -> predictAll(window));
  }

  /**
   * For each text or pair its labels, the best first.
   *
   * @throws InputException if one has more tokens than the model takes
   */
  @Override
  public List<List<LabelScore>> predictAll(List<TextPair> inputs) {
    Given.inputs(inputs);
    var encodings = inputs.stream().map(texts::encode).toList();
    return texts.logits(encodings).stream().map(this::answer).toList();
  }

  private List<LabelScore> answer(float[] logits) {
    return LabelScore.ranked(labels, function.apply(logits)).stream()
        .filter(each -> each.score() > threshold)
        .limit(top)
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
