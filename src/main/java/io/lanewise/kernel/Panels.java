package io.lanewise.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The product of some rows and one panel, by whichever register tiles suit this processor.
 *
 * <p>A panel holds {@link #width()} columns of the right factor, {@code [depth][width]}, so that
 * the loop over k reads one stream from front to back.
 */
final class Panels {
  /** The most rows that a register tile has. */
  static final int ROWS = 6;

  /** Whether there are 32 vector registers: with 512 bits always, with less on ARM. */
  private static final boolean WIDE =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512
          || "aarch64".equals(System.getProperty("os.arch"));

  private static final int WIDTH = FloatVector.SPECIES_PREFERRED.length() * (WIDE ? 4 : 2);

  private Panels() {}

  /** Columns of a panel. */
  static int width() {
    return WIDTH;
  }

  /** Panels that {@code columns} columns fill, the last one perhaps in part. */
  static int count(int columns) {
    return Math.ceilDiv(columns, WIDTH);
  }

  /**
   * How many rows the tile has that goes on at {@code row} of {@code rows}: 6, 4 or 1.
   *
   * <p>The last tiles are chosen so that few rows are computed twice: eight rows go as 4 + 4; three
   * and five, where there are rows before them, reach back and overlap those.
   */
  static int height(int row, int rows) {
    int left = rows - row;
    if (left == 8) {
      return 4;
    }
    if (left >= ROWS || (left == 5 && rows >= ROWS)) {
      return ROWS;
    }
    return left >= 4 || (left == 3 && rows >= 4) ? 4 : 1;
  }

  /**
   * {@code out[r][c] = start[c] + Σ x[r][k] · panel[k][c]} for {@code height} rows (6, 4 or 1) and
   * one panel.
   *
   * @param x row r, element k at {@code xAt + r * xStride + k}
   * @param depth how many k
   * @param panel [depth, width] from byte {@code at}
   * @param start [width] from byte {@code startAt}
   * @param out row r, column c at {@code outAt + r * outStride + c}
   */
  static void multiply(
      int height,
      float[] x,
      int xAt,
      int xStride,
      int depth,
      MemorySegment panel,
      long at,
      MemorySegment start,
      long startAt,
      float[] out,
      int outAt,
      int outStride) {
    if (WIDE) {
      switch (height) {
        case 6 ->
            WideTiles.six(x, xAt, xStride, depth, panel, at, start, startAt, out, outAt, outStride);
        case 4 ->
            WideTiles.four(
                x, xAt, xStride, depth, panel, at, start, startAt, out, outAt, outStride);
        default -> WideTiles.one(x, xAt, depth, panel, at, start, startAt, out, outAt);
      }
    } else {
      switch (height) {
        case 6 ->
            NarrowTiles.six(
                x, xAt, xStride, depth, panel, at, start, startAt, out, outAt, outStride);
        case 4 ->
            NarrowTiles.four(
                x, xAt, xStride, depth, panel, at, start, startAt, out, outAt, outStride);
        default -> NarrowTiles.one(x, xAt, depth, panel, at, start, startAt, out, outAt);
      }
    }
  }
}
