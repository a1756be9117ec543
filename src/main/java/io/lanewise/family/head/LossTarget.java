package io.lanewise.family.head;

import io.lanewise.family.input.CheckedInputs;
import io.lanewise.model.Reduction;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * What a head is compared with: the labels of a call, checked, and the loss that goes with them.
 */
public interface LossTarget {
  /**
   * The loss of these logits, null if there are no labels: their mean as a scalar, unless {@link
   * #ofExamples} or {@link #ofBatch} has taken account of another {@link Reduction}.
   */
  Tensor loss(float[] logits);

  /**
   * The loss of one example alone.
   *
   * @param logits of this example
   * @param i its place among the labels
   */
  float ofExample(float[] logits, int i);

  /** This target, where each label belongs to one of so many examples, as the call reduces it. */
  default LossTarget ofExamples(CheckedInputs inputs, int examples) {
    return inputs.reduction() == Reduction.MEAN ? this : new PerExampleLoss.Each(this, examples);
  }

  /** This target, whose labels stay one mean, as the call reduces it. */
  default LossTarget ofBatch(CheckedInputs inputs) {
    return inputs.reduction() == Reduction.MEAN ? this : new PerExampleLoss.Whole(this);
  }

  /**
   * The same labels for predicting what comes next: each row of logits is compared with the label
   * of the row behind it, and the last row of a sequence with none.
   *
   * @param length rows of a sequence
   */
  default LossTarget next(int length) {
    throw new IllegalStateException("no labels of tokens");
  }

  /** No labels, no loss. */
  record None() implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      return null;
    }

    @Override
    public float ofExample(float[] logits, int i) {
      throw new IllegalStateException("no labels");
    }

    @Override
    public LossTarget ofExamples(CheckedInputs inputs, int examples) {
      return this;
    }

    @Override
    public LossTarget ofBatch(CheckedInputs inputs) {
      return this;
    }

    @Override
    public LossTarget next(int length) {
      return this;
    }
  }

  /** One class for each row of logits: cross entropy. */
  record Classes(int[] labels, int classes, int ignored) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      return Tensor.scalar((float) Losses.crossEntropy(logits, classes, labels, ignored));
    }

    @Override
    public float ofExample(float[] logits, int i) {
      return labels[i] == ignored
          ? 0
          : (float) Losses.crossEntropy(logits, classes, new int[] {labels[i]}, ignored);
    }

    @Override
    public LossTarget next(int length) {
      var shifted = new int[labels.length];
      for (int i = 0; i < labels.length; i++) {
        shifted[i] = i % length == length - 1 ? ignored : labels[i + 1];
      }
      return new Classes(shifted, classes, ignored);
    }
  }

  /** A number for each logit: mean squared error. */
  record Numbers(float[] labels) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      return Tensor.scalar((float) Losses.meanSquaredError(logits, labels));
    }

    @Override
    public float ofExample(float[] logits, int i) {
      return (float) Losses.meanSquaredError(logits, part(labels, i, logits.length));
    }
  }

  /** Yes (1) or no (0) for each logit, or a probability: binary cross entropy. */
  record Truths(float[] labels) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      return Tensor.scalar((float) Losses.binaryCrossEntropy(logits, labels));
    }

    @Override
    public float ofExample(float[] logits, int i) {
      return (float) Losses.binaryCrossEntropy(logits, part(labels, i, logits.length));
    }
  }

  private static float[] part(float[] values, int i, int size) {
    return Arrays.copyOfRange(values, i * size, (i + 1) * size);
  }

  /** Class labels under this name in one of these shapes, if they were given. */
  static LossTarget classes(
      CheckedInputs inputs, String name, int classes, String limits, Shape... shapes) {
    return inputs.has(name)
        ? new Classes(inputs.labels(name, classes, limits, shapes), classes, Losses.IGNORED)
        : new None();
  }

  /**
   * The labels of sequence classification, by the rules of Hugging Face's {@code
   * …ForSequenceClassification}: what {@code problem_type} says, else regression for a single
   * output, single-label classification for integers, multi-label classification for floats.
   *
   * @param problemType null if the config is silent
   */
  static LossTarget ofSequences(CheckedInputs inputs, String problemType, int batch, int outputs) {
    if (!inputs.has("labels")) {
      return new None();
    }
    var type = problemType != null ? problemType : guess(inputs, outputs);
    var one = Shape.of(batch);
    var column = Shape.of(batch, 1);
    var each = Shape.of(batch, outputs);
    return switch (type) {
      case "regression" ->
          new Numbers(
              outputs == 1 ? inputs.floats("labels", one, column) : inputs.floats("labels", each));
      case "single_label_classification" ->
          classes(inputs, "labels", outputs, "num_labels", one, column);
      case "multi_label_classification" -> new Truths(inputs.floats("labels", each));
      default -> throw new IllegalStateException(type);
    };
  }

  private static String guess(CheckedInputs inputs, int outputs) {
    if (outputs == 1) {
      return "regression";
    }
    return inputs.isInteger("labels")
        ? "single_label_classification"
        : "multi_label_classification";
  }

  /**
   * One end of the answers of a call, a position in each sequence, if it was given. Positions
   * outside the sequence are moved to its nearest end; the end behind the last token is left out of
   * the loss, as in Hugging Face's {@code …ForQuestionAnswering}. Where losses are not reduced,
   * they have to lie inside.
   */
  static LossTarget position(CheckedInputs inputs, String name, int batch, int length) {
    if (!inputs.has(name)) {
      return new None();
    }
    var shapes = new Shape[] {Shape.of(batch), Shape.of(batch, 1)};
    var labels =
        inputs.reduction() == Reduction.MEAN
            ? inputs.clamped(name, 0, length, shapes)
            : inputs.integers(name, length, "the number of tokens", shapes);
    return new Classes(labels, length, length).ofExamples(inputs, batch);
  }
}
