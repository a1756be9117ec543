package io.lanewise.kernel.onednn;

import java.util.List;
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
 * @param sizes numbers of rows of a product, ascending, at least 2; empty if many rows have no
 *     compiled kernel
 */
record OneDnnPlan(String implementation, List<Integer> sizes) {
  /** Without any kernel. */
  static final OneDnnPlan NONE = new OneDnnPlan("", List.of());

  /** The most rows of a product. */
  static final int ROWS = 128;

  /**
   * The numbers of rows that products are compiled for. A product of the next one costs at most
   * three rows more up to 32 rows, and an eighth of its rows above. Two products instead, 16 and 4
   * rows for 19, read the weights twice: measured on Zen 5, that costs as much as five rows and
   * more. A product for each number would be compiled in each first call with a text of another
   * length, about a millisecond for each layer's size.
   */
  private static final List<Integer> STEPS =
      List.of(2, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, ROWS);

  /**
   * Asks for the plan of each size.
   *
   * @param implementations from a number of rows to the name of the planned implementation
   */
  static OneDnnPlan of(IntFunction<String> implementations) {
    var typical = implementations.apply(ROWS);
    var sizes =
        isCompiled(typical)
            ? STEPS.stream().filter(rows -> implementations.apply(rows).equals(typical)).toList()
            : List.<Integer>of();
    return new OneDnnPlan(typical, sizes);
  }

  /** The same with those sizes only that the other one has as well. */
  OneDnnPlan and(OneDnnPlan other) {
    return new OneDnnPlan(implementation, sizes.stream().filter(other.sizes::contains).toList());
  }

  /**
   * How many rows to multiply by the next call: so many that one call is enough, up to {@link
   * #ROWS}. They may be more than are left.
   *
   * @param left rows that are left, at least 1
   */
  int nextRows(int left) {
    for (int rows : sizes) {
      if (rows >= left) {
        return rows;
      }
    }
    return ROWS;
  }

  /** Whether it is one of oneDNN's compiled kernels, and not its reference code. */
  static boolean isCompiled(String implementation) {
    return !implementation.startsWith("ref") && !implementation.startsWith("gemm:ref");
  }

  /** Whether many rows have a compiled kernel. */
  boolean isCompiled() {
    return !sizes.isEmpty();
  }
}
