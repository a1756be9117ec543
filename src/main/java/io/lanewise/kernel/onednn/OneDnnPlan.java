package io.lanewise.kernel.onednn;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntFunction;

/**
 * The numbers of rows for which oneDNN uses one and the same compiled kernel.
 *
 * <p>For some sizes oneDNN has only its reference code, which is thousands of times slower; the
 * only sign of it is the name of the planned implementation. With AMX that is the case for int8
 * below 16 rows. A different kernel for few rows may also sum in another order, so the bits of a
 * row would depend on the number of rows.
 *
 * <p>A size is planned when it is first needed, because planning takes time.
 */
final class OneDnnPlan {
  /** The most rows of a product. */
  static final int ROWS = 128;

  /**
   * The numbers of rows that products are compiled for. A product of the next one costs at most
   * three rows more up to 32 rows, and an eighth of its rows above. Two products instead, 16 and 4
   * rows for 19, read the weights twice: measured on Zen 5, that costs as much as five rows and
   * more. A product for each number would be compiled in each first call with a text of another
   * length, about a millisecond for each layer's size.
   */
  private static final int[] STEPS = {
    2, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, ROWS
  };

  private static final int UNKNOWN = 0;
  private static final int USED = 1;
  private static final int UNUSED = 2;

  private final IntFunction<String> implementations;
  private final String implementation;
  private final AtomicIntegerArray states = new AtomicIntegerArray(STEPS.length);

  /**
   * Asks for the plan of the most rows.
   *
   * @param implementations from a number of rows to the name of the planned implementation, such as
   *     {@code brg_matmul:avx512_core_vnni}; it may be asked for by any thread
   */
  OneDnnPlan(IntFunction<String> implementations) {
    this.implementations = implementations;
    this.implementation = implementations.apply(ROWS);
  }

  /** The implementation of many rows. */
  String implementation() {
    return implementation;
  }

  /** Whether many rows have a compiled kernel. */
  boolean isCompiled() {
    return isCompiled(implementation);
  }

  /**
   * How many rows to multiply by the next call: so many that one call is enough, up to {@link
   * #ROWS}. They may be more than are left. Call it only if many rows have a compiled kernel.
   *
   * @param left rows that are left, at least 1
   */
  int nextRows(int left) {
    for (int step = 0; step < STEPS.length - 1; step++) {
      if (STEPS[step] >= left && isUsed(step)) {
        return STEPS[step];
      }
    }
    return ROWS;
  }

  private boolean isUsed(int step) {
    int state = states.get(step);
    if (state == UNKNOWN) {
      state = implementations.apply(STEPS[step]).equals(implementation) ? USED : UNUSED;
      states.set(step, state);
    }
    return state == USED;
  }

  /** Whether it is one of oneDNN's compiled kernels, and not its reference code. */
  static boolean isCompiled(String implementation) {
    return !implementation.startsWith("ref") && !implementation.startsWith("gemm:ref");
  }
}
