package io.lanewise.langchain4j;

import io.lanewise.InputException;
import io.lanewise.task.LabelScore;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a guardrail refuses: texts to which a classifier gives one of some labels with a score from
 * a threshold on.
 *
 * <pre>{@code
 * try (var nli = ZeroShot.load(folder)) {
 *   var topics = List.of("politics", "sports", "cooking");
 *   var guardrail =
 *       LanewiseInputGuardrail.builder()
 *           .classifier(text -> nli.predict(text, topics))
 *           .refusedLabels("politics")
 *           .threshold(0.8)
 *           .build();
 *   System.out.println(guardrail);
 * }
 * }</pre>
 *
 * @param <B> the builder itself
 */
public abstract sealed class LanewiseGuardrailBuilder<B extends LanewiseGuardrailBuilder<B>>
    permits LanewiseInputGuardrail.Builder, LanewiseOutputGuardrail.Builder {
  private @Nullable Function<String, List<LabelScore>> classifier;
  private List<String> known = List.of();
  private Set<String> refused = Set.of();
  private double threshold = 0.5;
  private @Nullable String message;
  private boolean fatal;

  LanewiseGuardrailBuilder() {}

  abstract B self();

  /** The classifier. The guardrail does not close it. */
  public B classifier(LanewiseTextClassifier newClassifier) {
    classifier = newClassifier::classify;
    known = newClassifier.labels();
    return self();
  }

  /** What gives a text labels and scores, such as a task of Lanewise with labels of your own. */
  public B classifier(Function<String, List<LabelScore>> newClassifier) {
    classifier = newClassifier;
    known = List.of();
    return self();
  }

  /** The labels of texts that are refused; at least one. */
  public B refusedLabels(String... labels) {
    return refusedLabels(List.of(labels));
  }

  /** The labels of texts that are refused; at least one. */
  public B refusedLabels(List<String> labels) {
    refused = Set.copyOf(labels);
    return self();
  }

  /** The score from which on a refused label counts; 0.5 if not said. */
  public B threshold(double newThreshold) {
    threshold = newThreshold;
    return self();
  }

  /** What a refusal says; if not said it is the label and its score. */
  public B message(@Nullable String newMessage) {
    message = newMessage;
    return self();
  }

  /** True for a refusal after which no other guardrail is asked; false if not said. */
  public B fatal(boolean newFatal) {
    fatal = newFatal;
    return self();
  }

  final boolean isFatal() {
    return fatal;
  }

  /**
   * The rule that was given.
   *
   * @throws InputException if a part of it is missing, or the classifier does not have a label
   */
  final RefusedLabels rule() {
    if (classifier == null) {
      throw new InputException("no classifier is given: a guardrail asks one");
    }
    if (refused.isEmpty()) {
      throw new InputException("no refused labels are given: name at least one");
    }
    if (Double.isNaN(threshold)) {
      throw new InputException("the threshold is NaN: no score reaches it");
    }
    for (var label : refused) {
      if (!known.isEmpty() && !known.contains(label)) {
        throw new InputException(
            "the classifier has no label %s to refuse; its labels are %s".formatted(label, known));
      }
    }
    return new RefusedLabels(classifier, refused, threshold, message);
  }
}
