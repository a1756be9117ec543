package io.lanewise.springai.autoconfigure;

import io.lanewise.model.Precision;

/** In which type the weights of matrix products are held, as the command line spells it. */
public enum Dtype {
  /** 32 bits. */
  F32(Precision.FLOAT32),
  /** 16 bits with the exponent of 32. */
  BF16(Precision.BFLOAT16),
  /** 8 bits. */
  INT8(Precision.INT8);

  private final Precision precision;

  Dtype(Precision precision) {
    this.precision = precision;
  }

  Precision precision() {
    return precision;
  }
}
