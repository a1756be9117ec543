package io.lanewise.kernel;

import io.lanewise.memory.SymmetricInt8;

/**
 * In which precision the weights of matrix products are held, and computed where the machine and
 * the library allow; where they do not, weights are widened on their way and computed in fp32.
 *
 * <p>It concerns the layers that are a product with weights ({@code nn.Linear}), all of them, those
 * of the heads too. Embedding tables, norms and biases stay in fp32, and so does what flows between
 * the layers.
 */
public enum Precision {
  /** 32 bits, as {@code f32}. */
  FLOAT32("fp32"),
  /** The upper 16 bits of a float, rounded to nearest, ties to even; {@code bf16}. */
  BFLOAT16("bf16"),
  /**
   * 8 bits, symmetric, with a scale for each output: {@code w ≈ scale · q}, see {@link
   * SymmetricInt8}.
   */
  INT8("int8");

  private final String label;

  Precision(String label) {
    this.label = label;
  }

  /** As it is written in a sentence. */
  public String label() {
    return label;
  }
}
