package io.lanewise.model;

/** What becomes of the losses of a batch. */
public enum Reduction {
  /** Their mean, a scalar, as Hugging Face's PyTorch classes give it. */
  MEAN,
  /**
   * One loss for each example, [batch], as its TensorFlow classes give it: sequence classification,
   * multiple choice, the next sentence and question answering, whose positions then have to lie
   * inside the sequence. An example whose label is ignored has the loss 0. The heads with a label
   * for each token, and pre-training, give the mean over the labels that count even so, as a tensor
   * [1].
   */
  NONE
}
