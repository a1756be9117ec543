package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.List;

/**
 * One weight for each word, of the scores that a masked language model gives it at each token: the
 * {@code SpladePooling} of sentence-transformers.
 *
 * @param sum whether the tokens' weights are added; the largest counts if not
 * @param twice whether the logarithm is taken twice ({@code log1p_relu})
 */
record SpladePooling(boolean sum, boolean twice) {
  /** What a model without {@code modules.json} is taken with. */
  static final SpladePooling DEFAULT = new SpladePooling(false, false);

  static SpladePooling load(Path folder) {
    var config = Checkpoint.config(folder);
    var strategy = config.choice("pooling_strategy", "max", List.of("max", "sum"));
    var function = config.choice("activation_function", "relu", List.of("relu", "log1p_relu"));
    return new SpladePooling(strategy.equals("sum"), function.equals("log1p_relu"));
  }

  /**
   * The weights, none of which is negative.
   *
   * @param logits hold those of the text, [tokens, words]
   * @param from where they begin
   */
  float[] apply(float[] logits, int from, int tokens, int words) {
    return sum ? sum(logits, from, tokens, words) : largest(logits, from, tokens, words);
  }

  /** The logarithm grows with its argument: the largest score has the largest weight. */
  private float[] largest(float[] logits, int from, int tokens, int words) {
    var largest = new float[words];
    for (int token = 0; token < tokens; token++) {
      int row = from + token * words;
      for (int word = 0; word < words; word++) {
        largest[word] = Math.max(largest[word], logits[row + word]);
      }
    }
    for (int word = 0; word < words; word++) {
      largest[word] = largest[word] == 0 ? 0 : (float) weight(largest[word]);
    }
    return largest;
  }

  private float[] sum(float[] logits, int from, int tokens, int words) {
    var sums = new double[words];
    for (int token = 0; token < tokens; token++) {
      int row = from + token * words;
      for (int word = 0; word < words; word++) {
        float logit = logits[row + word];
        if (!(logit <= 0)) { // also for NaN, which must not vanish
          sums[word] += weight(logit);
        }
      }
    }
    var weights = new float[words];
    for (int word = 0; word < words; word++) {
      weights[word] = (float) sums[word];
    }
    return weights;
  }

  private double weight(double logit) {
    double once = Math.log1p(logit);
    return twice ? Math.log1p(once) : once;
  }
}
