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
   * What a call costs besides its rows, in rows: measured on Zen 5 with 19 rows and weights in L2.
   */
  private static final int CALL = 5;

  /**
   * Asks for the plan of each power of two up to {@link #ROWS} rows.
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

  /**
   * How many rows to multiply by the next call, so that all calls together are cheap: a power of
   * two, which may be more than are left. So 31 rows are multiplied as 32 and not as 16, 8, 4, 2
   * and 1, but 17 as 16 and another call.
   *
   * @param left rows that are left, at least 1
   * @param least the fewest rows of a product, a power of two
   * @return at least {@code least}, at most {@link #ROWS}
   */
  static int nextRows(int left, int least) {
    if (left >= ROWS) {
      return ROWS;
    }
    int down = Integer.highestOneBit(left);
    boolean more = left > down && down <= cost(left - down, least);
    return Math.max(more ? 2 * down : down, least);
  }

  private static int cost(int rows, int least) {
    int next = nextRows(rows, least);
    return CALL + next + (next < rows ? cost(rows - next, least) : 0);
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
