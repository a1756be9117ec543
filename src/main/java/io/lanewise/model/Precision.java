package io.lanewise.model;

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
  FLOAT32(io.lanewise.kernel.Precision.FLOAT32),
  /** The upper 16 bits of a float, rounded to nearest, ties to even; {@code bf16}. */
  BFLOAT16(io.lanewise.kernel.Precision.BFLOAT16),
  /** 8 bits, symmetric, with a scale for each output: {@code w ≈ scale · q}. */
  INT8(io.lanewise.kernel.Precision.INT8);

  private final io.lanewise.kernel.Precision internal;

  Precision(io.lanewise.kernel.Precision internal) {
    this.internal = internal;
  }

  /** The same for the kernels. */
  io.lanewise.kernel.Precision internal() {
    return internal;
  }

  /** As it is written in a sentence: {@code fp32}, {@code bf16} or {@code int8}. */
  public String label() {
    return internal.label();
  }
}
