package io.lanewise.family.head;

import io.lanewise.tensor.Tensor;
import java.util.Arrays;

/** Targets of calls that ask for {@link io.lanewise.model.Reduction#NONE}. */
final class PerExampleLoss {
  private PerExampleLoss() {}

  /** A loss for each example, [examples], instead of their mean. */
  record Each(LossTarget all, int examples) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      var losses = new float[examples];
      int size = logits.length / examples;
      for (int i = 0; i < examples; i++) {
        losses[i] = all.ofExample(Arrays.copyOfRange(logits, i * size, (i + 1) * size), i);
      }
      return Tensor.of(losses, examples);
    }

    @Override
    public float ofExample(float[] logits, int i) {
      return all.ofExample(logits, i);
    }
  }

  /** The mean over all tokens as a tensor [1]. */
  record Whole(LossTarget all) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      return Tensor.of(all.loss(logits).floats(), 1);
    }

    @Override
    public float ofExample(float[] logits, int i) {
      return all.ofExample(logits, i);
    }
  }
}
