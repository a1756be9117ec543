package io.lanewise.kernel;

import io.lanewise.memory.SymmetricInt8;

/**
 * The precision in which the weights of matrix products are stored. The products are computed in it
 * if the processor and the library support that; otherwise the weights are widened, and the
 * products computed in fp32.
 *
 * <p>It applies to all linear layers ({@code nn.Linear}), those of the heads included. Embedding
 * tables, norms and biases stay in fp32, and so do the activations between layers.
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

  /** Its name in messages. */
  public String label() {
    return label;
  }
}
