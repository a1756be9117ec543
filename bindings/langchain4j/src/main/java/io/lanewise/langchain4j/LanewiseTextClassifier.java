package io.lanewise.langchain4j;

import io.lanewise.task.LabelScore;
import io.lanewise.task.TextClassifier;
import io.lanewise.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Gives texts of any length the labels of a classifier, for guardrails: {@link
 * LanewiseInputGuardrail} and {@link LanewiseOutputGuardrail} take it, and may share one.
 *
 * <pre>{@code
 * try (var classifier =
 *     LanewiseTextClassifier.builder().modelName("unitary/toxic-bert").build()) {
 *   for (var each : classifier.classify("What a day!")) {
 *     System.out.println(each.label() + " " + each.score());
 *   }
 * }
 * }</pre>
 *
 * <p>A text that is too long for the model is read in pieces that overlap, and each label has the
 * highest score of all of them: nothing can hide behind the end of what a model takes. Thread-safe.
 * Closing waits for running calls and frees the model; a later call is a {@link
 * io.lanewise.ClosedException}.
 */
public final class LanewiseTextClassifier implements AutoCloseable {
  private final TextClassifier classifier;
  private final LongTexts texts;
  private final String name;

  private LanewiseTextClassifier(TextClassifier classifier, LongTexts texts, String name) {
    this.classifier = classifier;
    this.texts = texts;
    this.name = name;
  }

  /** A builder whose model is to be named. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * All labels of a text, the best first.
   *
   * @throws io.lanewise.ClosedException if the model is closed
   */
  public List<LabelScore> classify(String text) {
    var answers = classifier.predictAll((Collection<String>) texts.pieces(text));
    if (answers.size() == 1) {
      return answers.getFirst();
    }
    var best = new ArrayList<LabelScore>();
    for (int id = 0; id < classifier.labels().size(); id++) {
      int label = id;
      answers.stream()
          .flatMap(List::stream)
          .filter(each -> each.id() == label)
          .max(Comparator.comparingDouble(LabelScore::score))
          .ifPresent(best::add);
    }
    best.sort(Comparator.comparingDouble((LabelScore each) -> -each.score()));
    return List.copyOf(best);
  }

  /** All labels, in the order of the model's outputs. */
  public List<String> labels() {
    return classifier.labels();
  }

  /** The name on the Hub, or that of the folder. */
  public String modelName() {
    return name;
  }

  /**
   * Does now what would make the first answers slower than later ones; it takes a second or some.
   */
  public void warmUp() {
    classifier.warmUp();
  }

  /** Waits for running calls, then frees the model; a second call does nothing. */
  @Override
  public void close() {
    classifier.close();
  }

  @Override
  public String toString() {
    return "LanewiseTextClassifier of " + name;
  }

  /** Builds a {@link LanewiseTextClassifier}. */
  public static final class Builder extends LanewiseModelBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Loads the model.
     *
     * @throws io.lanewise.LanewiseException if no model was given, or it cannot be loaded
     */
    public LanewiseTextClassifier build() {
      var options = options();
      var loaded = TextClassifier.load(folder(), options);
      try {
        var tokenizer = Tokenizer.load(folder(), options.tokenizer());
        return new LanewiseTextClassifier(
            loaded, new LongTexts(tokenizer, loaded.longest()), title());
      } catch (RuntimeException e) {
        loaded.close();
        throw e;
      }
    }
  }
}
