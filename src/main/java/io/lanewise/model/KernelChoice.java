package io.lanewise.model;

import io.lanewise.kernel.Backend;

/** Which kernels a model runs on; {@link Options#withBackend}. */
public enum KernelChoice {
  /**
   * The fastest that is known to work here: the Vector API where its module is present, scalar
   * otherwise; for matrix products oneDNN, if it is there and the processor is an x86-64 that has
   * instructions for their precision. With large mapped weights of fp32 the first calls of a
   * process run by OpenBLAS where it can be had, until the vector kernels are compiled; their last
   * bits differ from later ones. In a native image the vector kernels multiply in fp32, or
   * OpenBLAS, for many rows with large weights, where it is clearly faster.
   */
  AUTO(Backend.Choice.AUTO),
  /** Vector API kernels, from the first call on: the same bits every time. */
  VECTOR(Backend.Choice.VECTOR),
  /** Matrix products by OpenBLAS, the rest as {@link #AUTO}. */
  OPENBLAS(Backend.Choice.OPENBLAS),
  /** Matrix products by oneDNN, the rest as {@link #AUTO}. */
  ONEDNN(Backend.Choice.ONEDNN),
  /** Plain Java, sums in double precision. Slow; the specification. */
  SCALAR(Backend.Choice.SCALAR);

  private final Backend.Choice internal;

  KernelChoice(Backend.Choice internal) {
    this.internal = internal;
  }

  /** The same for the kernels. */
  Backend.Choice internal() {
    return internal;
  }
}
