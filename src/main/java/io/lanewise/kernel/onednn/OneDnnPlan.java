package io.lanewise.kernel.onednn;

import java.util.function.IntFunction;

/**
 * The numbers of rows for which oneDNN uses one and the same compiled kernel.
 *
 * <p>For some sizes oneDNN has only its reference code, which is thousands of times slower; the
 * only sign of it is the name of the planned implementation. With AMX that is the case for int8
 * below 16 rows. A different kernel for few rows may also sum in another order, so the bits of a
 * row would depend on the number of rows.
 *
 * @param implementation of many rows, such as {@code brg_matmul:avx512_core_vnni}
 * @param leastRows the fewest rows of a product, a power of two of at least 2; fewer rows are
 *     padded to it. 0 if many rows have no compiled kernel either
 */
record OneDnnPlan(String implementation, int leastRows) {
  /** The most rows of a product. */
  static final int ROWS = 128;

  /**
   * Makes a plan for each power of two up to {@link #ROWS} rows.
   *
   * @param implementations from a number of rows to the name of the planned implementation
   */
  static OneDnnPlan of(IntFunction<String> implementations) {
    var typical = implementations.apply(ROWS);
    if (!isCompiled(typical)) {
      return new OneDnnPlan(typical, 0);
    }
    int least = ROWS;
    while (least > 2 && implementations.apply(least / 2).equals(typical)) {
      least /= 2;
    }
    return new OneDnnPlan(typical, least);
  }

  /** Whether it is one of oneDNN's compiled kernels, and not its reference code. */
  static boolean isCompiled(String implementation) {
    return !implementation.startsWith("ref") && !implementation.startsWith("gemm:ref");
  }

  /** Whether many rows have a compiled kernel. */
  boolean isCompiled() {
    return leastRows > 0;
  }
}
