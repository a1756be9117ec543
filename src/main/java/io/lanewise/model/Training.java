package io.lanewise.model;

/**
 * How a forward pass of training differs from one of inference: what its config's dropout rates say
 * is dropped. Nothing is learnt.
 *
 * @param seed the same seed drops the same elements, whatever the threads and the kernels
 */
public record Training(long seed) {
  /** With dropout, as {@code model.train()}, {@code training=True} or {@code train=True}. */
  public static Training dropout(long seed) {
    return new Training(seed);
  }
}
