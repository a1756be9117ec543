package io.lanewise.task;

/**
 * What makes scores of a classifier's logits; Hugging Face's {@code function_to_apply}.
 *
 * <pre>{@code
 * try (var classifier = TextClassifier.load(Path.of("my-model"))) {
 *   var logits = classifier.withFunction(ScoreFunction.NONE);
 *   System.out.println(logits.predict("This film is a joy."));
 * }
 * }</pre>
 */
public enum ScoreFunction {
  /** Each logit for itself to a probability, 1 / (1 + exp(-x)). */
  SIGMOID,
  /** All logits together to probabilities that sum to 1. */
  SOFTMAX,
  /** The logits themselves. */
  NONE;

  /**
   * What {@code TextClassificationPipeline} takes unasked: nothing for regression, the sigmoid for
   * several labels at once and for a single output, otherwise the softmax.
   *
   * @param problemType of the config; null if it is silent
   * @param labels outputs of the model
   */
  static ScoreFunction of(String problemType, int labels) {
    return switch (problemType) {
      case "regression" -> NONE;
      case "multi_label_classification" -> SIGMOID;
      case null, default -> labels == 1 ? SIGMOID : SOFTMAX;
    };
  }

  /** The scores of these logits, computed in double precision. */
  public float[] apply(float[] logits) {
    var scores = new float[logits.length];
    switch (this) {
      case SIGMOID -> {
        for (int i = 0; i < logits.length; i++) {
          scores[i] = (float) (1 / (1 + Math.exp(-(double) logits[i])));
        }
      }
      case SOFTMAX -> {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
          largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
          sum += Math.exp(logit - largest);
        }
        for (int i = 0; i < logits.length; i++) {
          scores[i] = (float) (Math.exp(logits[i] - largest) / sum);
        }
      }
      case NONE -> System.arraycopy(logits, 0, scores, 0, logits.length);
    }
    return scores;
  }
}
