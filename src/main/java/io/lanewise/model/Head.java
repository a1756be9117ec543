package io.lanewise.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What stands on top of the encoder: the second half of a Hugging Face class name, such as {@code
 * AlbertForMaskedLM}.
 */
public enum Head {
  /**
   * {@code …Model}: no head; last hidden state, and the pooler's output where the family has one.
   */
  MODEL("Model"),
  /** {@code …ForPreTraining}. */
  PRE_TRAINING("ForPreTraining"),
  /** {@code …ForMaskedLM}. */
  MASKED_LM("ForMaskedLM"),
  /** {@code …ForSequenceClassification}. */
  SEQUENCE_CLASSIFICATION("ForSequenceClassification"),
  /** {@code …ForMultipleChoice}. */
  MULTIPLE_CHOICE("ForMultipleChoice"),
  /** {@code …ForTokenClassification}. */
  TOKEN_CLASSIFICATION("ForTokenClassification"),
  /** {@code …ForQuestionAnswering}. */
  QUESTION_ANSWERING("ForQuestionAnswering"),
  /** {@code …ForNextSentencePrediction}. */
  NEXT_SENTENCE_PREDICTION("ForNextSentencePrediction"),
  /** {@code …ForCausalLM}, {@code …LMHeadModel}. */
  CAUSAL_LM("ForCausalLM"),
  /** {@code …ForConditionalGeneration}. */
  CONDITIONAL_GENERATION("ForConditionalGeneration");

  private static final Pattern CLASS =
      Pattern.compile("(?:TF|Flax)?([A-Z][A-Za-z0-9]*?)(Model|LMHeadModel|For[A-Z][A-Za-z]*)");

  private final String suffix;

  Head(String suffix) {
    this.suffix = suffix;
  }

  /** What a class name ends with, such as {@code ForMaskedLM}. */
  public String suffix() {
    return suffix;
  }

  /**
   * The head that a class name asks for; the prefixes of the TensorFlow and Flax classes make no
   * difference. {@code AlbertForMaskedLM}, {@code TFAlbertForMaskedLM} and {@code ForMaskedLM} are
   * the same.
   */
  public static Optional<Head> named(String className) {
    for (var head : values()) {
      if (head.suffix.equals(className)) {
        return Optional.of(head);
      }
    }
    var parts = CLASS.matcher(className);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return parts.group(2).equals("LMHeadModel") ? Optional.of(CAUSAL_LM) : named(parts.group(2));
  }

  /** The family in a class name, {@code Albert} of {@code TFAlbertForMaskedLM}. */
  static Optional<String> family(String className) {
    var parts = CLASS.matcher(className);
    return parts.matches() ? Optional.of(parts.group(1)) : Optional.empty();
  }
}
