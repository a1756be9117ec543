package io.lanewise.kernel.onednn;

/**
 * How many rows of a layer's inputs a task multiplies.
 *
 * <p>A task reads its slice of weights once, for all its rows, so parts of many rows are best.
 * Measured on Zen 5 with two threads, BERT-base in int8 at 128 tokens: two parts of 64 rows, so
 * that both threads read each slice, take 1.09 times as long as one part of 128.
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
