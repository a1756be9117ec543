package io.lanewise.family;

import io.lanewise.tensor.Tensor;
import java.util.Arrays;

/** Targets of calls that ask for {@link io.lanewise.model.Inputs.Reduction#NONE}. */
final class PerExampleLoss {
  private PerExampleLoss() {}

  /** A loss for each example, [examples], instead of their mean. */
  record Each(LossTarget all, int examples) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      var losses = new float[examples];
      int size = logits.length / examples;
      for (int i = 0; i < examples; i++) {
        var own = Arrays.copyOfRange(logits, i * size, (i + 1) * size);
        losses[i] = loss(own, i);
      }
      return Tensor.of(losses, examples);
    }

    private float loss(float[] logits, int i) {
      return switch (all) {
        case Classes(int[] labels, int classes, int ignored) ->
            labels[i] == ignored
                ? 0
                : (float) Losses.crossEntropy(logits, classes, new int[] {labels[i]}, ignored);
        case Numbers(float[] labels) ->
            (float) Losses.meanSquaredError(logits, part(labels, i, logits.length));
        case Truths(float[] labels) ->
            (float) Losses.binaryCrossEntropy(logits, part(labels, i, logits.length));
        case None _, Each _, Whole _ -> throw new IllegalStateException("no labels of examples");
      };
    }

    private static float[] part(float[] values, int i, int size) {
      return Arrays.copyOfRange(values, i * size, (i + 1) * size);
    }
  }

  /** The mean over all tokens as a tensor [1]. */
  record Whole(LossTarget all) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      return Tensor.of(all.loss(logits).floats(), 1);
    }
  }
}
