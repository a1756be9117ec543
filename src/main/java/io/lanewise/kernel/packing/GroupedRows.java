package io.lanewise.kernel.packing;

import static io.lanewise.kernel.vector.Panels.BLOCK;
import static io.lanewise.kernel.vector.Panels.GROUP;

import io.lanewise.kernel.Lanes;
import io.lanewise.memory.Matrix;

/**
 * The left factor of a product in the layout of the register tiles: rows in groups of {@link
 * io.lanewise.kernel.vector.Panels#GROUP}, each group in blocks {@code [depth /
 * BLOCK][GROUP][BLOCK]}. The distance between the rows of a group is a constant for the compiler,
 * and the numbers of a row are copied by whole vectors.
 */
public final class GroupedRows {
  private GroupedRows() {}

  /** Floats of a group of rows with {@code depth} numbers each. */
  public static int size(int depth) {
    return Math.multiplyExact(GROUP * BLOCK, Math.ceilDiv(depth, BLOCK));
  }

  /** Floats of {@code rows} rows in groups; the last group may be incomplete. */
  public static int size(int rows, int depth) {
    return Math.multiplyExact(Math.ceilDiv(rows, GROUP), size(depth));
  }

  /** The index of number k of the first row of a group; each further row is one block behind. */
  public static int place(int k) {
    return k + (k & -BLOCK) * (GROUP - 1);
  }

  /**
   * Copies rows of a matrix.
   *
   * @param from the first row, a multiple of {@link io.lanewise.kernel.vector.Panels#GROUP}: the
   *     start of a group does not depend on which rows are copied together
   */
  public static void copy(Matrix x, int from, int rows, float[] groups) {
    int size = size(x.columns());
    for (int row = from; row < from + rows; row++) {
      copyRow(x, row, 0, x.columns(), groups, row / GROUP * size + row % GROUP * BLOCK);
    }
  }

  /**
   * Copies some columns of a row.
   *
   * @param at where the row begins in its group
   */
  public static void copyRow(Matrix x, int row, int column, int columns, float[] groups, int at) {
    long from = x.offset(row) + (long) column * Float.BYTES;
    for (int k = 0; k < columns; k += BLOCK) {
      int count = Math.min(BLOCK, columns - k);
      Lanes.copy(x.data(), from + (long) k * Float.BYTES, groups, at + place(k), count);
    }
  }
}
