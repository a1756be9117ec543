package io.lanewise.kernel.onednn;

import java.util.function.IntFunction;

/**
 * How many rows of a product oneDNN multiplies by one and the same compiled kernel.
 *
 * <p>For some sizes it has nothing but its reference code, which is thousands of times slower, and
 * says so only in the name of the implementation that it planned. With AMX that is so for int8
 * below 16 rows. And another kernel for few rows may add up in another order, so that the bits of a
 * row would depend on how many others there are.
 *
 * @param implementation of many rows, such as {@code brg_matmul:avx512_core_vnni}
 * @param leastRows a power of two, at least 2: fewer rows are multiplied as so many. 0 where many
 *     rows have no compiled kernel either
 */
record OneDnnPlan(String implementation, int leastRows) {
  /** The most rows of a product. */
  static final int ROWS = 128;

  /**
   * Asks for the plan of each power of two up to {@link #ROWS} rows.
   *
   * @param implementations the name that is planned for so many rows
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
