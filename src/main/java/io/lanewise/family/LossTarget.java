package io.lanewise.family;

import io.lanewise.model.Inputs.Reduction;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;

/**
 * What a head is compared with: the labels of a call, checked, and the loss that goes with them.
 */
sealed interface LossTarget
    permits LossTarget.None,
        LossTarget.Classes,
        LossTarget.Numbers,
        LossTarget.Truths,
        PerExampleLoss.Each,
        PerExampleLoss.Whole {
  /**
   * The loss of these logits, null if there are no labels: their mean as a scalar, unless {@link
   * #ofExamples} or {@link #ofBatch} has taken account of another {@link Reduction}.
   */
  Tensor loss(float[] logits);

  /** This target, where each label belongs to one of so many examples, as the call reduces it. */
  default LossTarget ofExamples(Request request, int examples) {
    return reduces(request) ? this : new PerExampleLoss.Each(this, examples);
  }

  /** This target, whose labels stay one mean, as the call reduces it. */
  default LossTarget ofBatch(Request request) {
    return reduces(request) ? this : new PerExampleLoss.Whole(this);
  }

  private boolean reduces(Request request) {
    return request.reduction() == Reduction.MEAN || this instanceof None;
  }

  /**
   * The same labels for predicting what comes next: each row of logits is compared with the label
   * of the row behind it, and the last row of a sequence with none.
   *
   * @param length rows of a sequence
   */
  default LossTarget next(int length) {
    if (!(this instanceof Classes(int[] labels, int classes, int ignored))) {
      return this;
    }
    var shifted = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      shifted[i] = i % length == length - 1 ? ignored : labels[i + 1];
    }
    return new Classes(shifted, classes, ignored);
  }

  /** No labels, no loss. */
  record None() implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      return null;
    }
  }

  /** One class for each row of logits: cross entropy. */
  record Classes(int[] labels, int classes, int ignored) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      return Tensor.scalar((float) Losses.crossEntropy(logits, classes, labels, ignored));
    }
  }

  /** A number for each logit: mean squared error. */
  record Numbers(float[] labels) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      return Tensor.scalar((float) Losses.meanSquaredError(logits, labels));
    }
  }

  /** Yes (1) or no (0) for each logit, or a probability: binary cross entropy. */
  record Truths(float[] labels) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      return Tensor.scalar((float) Losses.binaryCrossEntropy(logits, labels));
    }
  }

  /** Class labels under this name in one of these shapes, if they were given. */
  static LossTarget classes(
      Request request, String name, int classes, String limits, Shape... shapes) {
    return request.has(name)
        ? new Classes(request.labels(name, classes, limits, shapes), classes, Losses.IGNORED)
        : new None();
  }

  /**
   * The labels of sequence classification, by the rules of Hugging Face's {@code
   * …ForSequenceClassification}: what {@code problem_type} says, else regression for a single
   * output, single-label classification for integers, multi-label classification for floats.
   *
   * @param problemType null if the config is silent
   */
  static LossTarget ofSequences(Request request, String problemType, int batch, int outputs) {
    if (!request.has("labels")) {
      return new None();
    }
    var type = problemType != null ? problemType : guess(request, outputs);
    var one = Shape.of(batch);
    var column = Shape.of(batch, 1);
    var each = Shape.of(batch, outputs);
    return switch (type) {
      case "regression" ->
          new Numbers(
              outputs == 1
                  ? request.floats("labels", one, column)
                  : request.floats("labels", each));
      case "single_label_classification" ->
          classes(request, "labels", outputs, "num_labels", one, column);
      case "multi_label_classification" -> new Truths(request.floats("labels", each));
      default -> throw new IllegalStateException(type);
    };
  }

  private static String guess(Request request, int outputs) {
    if (outputs == 1) {
      return "regression";
    }
    return request.isInteger("labels")
        ? "single_label_classification"
        : "multi_label_classification";
  }

  /**
   * One end of the answers of a call, a position in each sequence, if it was given. Positions
   * outside the sequence are moved to its nearest end; the end behind the last token is left out of
   * the loss, as in Hugging Face's {@code …ForQuestionAnswering}. Where losses are not reduced,
   * they have to lie inside.
   */
  static LossTarget position(Request request, String name, int batch, int length) {
    if (!request.has(name)) {
      return new None();
    }
    var shapes = new Shape[] {Shape.of(batch), Shape.of(batch, 1)};
    var labels =
        request.reduction() == Reduction.MEAN
            ? request.clamped(name, 0, length, shapes)
            : request.integers(name, length, "the number of tokens", shapes);
    return new Classes(labels, length, length).ofExamples(request, batch);
  }
}
