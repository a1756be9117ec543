package io.lanewise.kernel.onednn;

/**
 * How many rows of a layer's inputs a task multiplies.
 *
 * <p>A task reads its slice of weights once, for all its rows, so parts of many rows are best.
 * Measured on Zen 5 with two threads, BERT-base at 128 tokens, time with a part of 128 rows over
 * that with two of 64, where both threads read each slice: 0.92 to 0.99 in int8, 0.92 to 0.94 in
 * bf16.
 */
final class RowParts {
  /** Parts of fewer rows than this do not reach the full speed. */
  private static final int FEWEST = 64;

  /** With so many tasks a thread, it does not matter that their number is not a multiple. */
  private static final int MANY = 6;

  private RowParts() {}

  /**
   * The rows of a part: fewer than a product can have if the tasks could not be divided evenly
   * among the threads.
   *
   * @param groups of slices; each is multiplied with each part
   */
  static int of(int rows, int groups, int threads) {
    int part = OneDnnPlan.ROWS;
    while (part > FEWEST && !areEven(rows, part, groups, threads)) {
      part /= 2;
    }
    return part;
  }

  /** Whether there are many tasks, or as many of one size for each thread. */
  private static boolean areEven(int rows, int part, int groups, int threads) {
    int tasks = groups * Math.ceilDiv(rows, part);
    boolean sameSize = rows <= part || rows % part == 0;
    return tasks >= MANY * threads || (sameSize && tasks % threads == 0);
  }
}
