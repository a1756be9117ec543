package io.lanewise.kernel.vector;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.kernel.Lanes;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.packing.NarrowPanels;
import io.lanewise.memory.Matrix;
import java.util.Arrays;

/**
 * The product of a few rows and some panels: its time is that of reading the weights from memory.
 * Narrow weights are widened in registers, once for up to four rows.
 *
 * <p>Each kernel is a single loop over k with few instructions besides the multiply-adds. While the
 * processor waits for a cache line, it executes ahead a limited number of instructions and starts
 * loading the cache lines that they read: the fewer instructions per line, the more lines are
 * loaded at the same time. On Zen 5 a loop that first touches the lines of the next block made it
 * 2.5 times slower, and two panels at a time read as fast as a loop that only reads. On Zen 4 such
 * a loop had gained 15 % over one panel at a time; two panels at a time have not been measured
 * there.
 *
 * <p>Every sum is in the order of k and by fused multiply-adds, so an element has the same bits as
 * by {@link Panels#multiply} (with {@link io.lanewise.kernel.packing.WidenedPanels} for narrow
 * weights). The rules at {@link TilesFor32Registers} hold here too.
 */
final class FewRows {
  /** The most rows at a time. */
  private static final int MOST = 4;

  /**
   * Rows of a scratch array, each as wide as a panel: the sums, and those of the parts of k before.
   */
  static final int ROOM = 2 * MOST;

  private FewRows() {}

  /** Whether a panel has four vectors a row, as with 32 registers; otherwise it has two. */
  static boolean haveFourVectors() {
    return Panels.width() == 4 * SPECIES_PREFERRED.length();
  }

  /**
   * Multiplies rows {@code from} to {@code from + rows - 1} by panels {@code first} to {@code last
   * - 1}, and writes the result to the same rows of y.
   *
   * @param x row r, element k at {@code r * inputs + k}
   * @param tile [ROOM, width], scratch
   * @param nextTile [ROOM, width], scratch
   */
  static void multiply(
      float[] x,
      int from,
      int rows,
      Packed packed,
      int first,
      int last,
      Activation activation,
      Matrix y,
      float[] tile,
      float[] nextTile) {
    boolean pairs = rows == 1 && packed.layout().precision() == Precision.FLOAT32;
    int panel = first;
    for (; pairs && panel + 1 < last; panel += 2) {
      int depth = packed.inputs();
      int part = Panels.part(depth);
      for (int k = 0; k < depth; k += part) {
        int deep = Math.min(part, depth - k);
        start(packed, panel, k, 1, tile);
        start(packed, panel + 1, k, 1, nextTile);
        long at = at(packed, panel, k);
        long next = at(packed, panel + 1, k);
        FewRowsOfFloats.multiplyTwo(
            x, from * depth + k, deep, packed.weights(), at, next, tile, nextTile);
        finish(k, 1, tile);
        finish(k, 1, nextTile);
      }
      write(packed, panel, activation, tile, 1, y, from);
      write(packed, panel + 1, activation, nextTile, 1, y, from);
    }
    for (; panel < last; panel++) {
      for (int row = from; row < from + rows; ) {
        int height = height(from + rows - row);
        product(height, x, row * packed.inputs(), packed, panel, tile);
        write(packed, panel, activation, tile, height, y, row);
        row += height;
      }
    }
  }

  /** How many of the remaining rows are multiplied at a time. */
  private static int height(int left) {
    return haveFourVectors() && left >= 4 ? 4 : Math.min(left, 2);
  }

  /** The offset of row k of a panel. */
  private static long at(Packed packed, int panel, int k) {
    int bits = NarrowPanels.bits(packed.layout().precision());
    return panel * NarrowPanels.bytes(bits, packed.inputs()) + NarrowPanels.bytes(bits, k);
  }

  private static long biasAt(int panel) {
    return (long) panel * Panels.width() * Float.BYTES;
  }

  /**
   * Sets the start of the sums of each row: the bias, or zero for int8, whose sums are not yet
   * scaled. For a later part of k the start is zero, and the sums so far are kept.
   */
  private static void start(Packed packed, int panel, int k, int rows, float[] tile) {
    int width = Panels.width();
    if (k > 0) {
      System.arraycopy(tile, 0, tile, MOST * width, rows * width);
    }
    if (k > 0 || packed.layout().precision() == Precision.INT8) {
      Arrays.fill(tile, 0, width, 0);
    } else {
      Lanes.copy(packed.bias(), biasAt(panel), tile, 0, width);
    }
  }

  /** Adds the sums of the parts of k before. */
  private static void finish(int k, int rows, float[] tile) {
    int width = Panels.width();
    for (int i = 0; k > 0 && i < rows * width; i += SPECIES_PREFERRED.length()) {
      Lanes.load(tile, i).add(Lanes.load(tile, MOST * width + i)).intoArray(tile, i);
    }
  }

  /**
   * {@code out[r][c] = bias[c] + Σ x[r][k] · panel[k][c]}; for int8 without bias.
   *
   * @param rows 1 or 2, or 4 where panels {@link #haveFourVectors}
   * @param x row r, element k at {@code xAt + r * inputs + k}
   * @param out [ROOM, width]
   */
  private static void product(int rows, float[] x, int xAt, Packed packed, int panel, float[] out) {
    int depth = packed.inputs();
    int part = Panels.part(depth);
    for (int k = 0; k < depth; k += part) {
      int deep = Math.min(part, depth - k);
      long at = at(packed, panel, k);
      start(packed, panel, k, rows, out);
      switch (packed.layout().precision()) {
        case FLOAT32 ->
            FewRowsOfFloats.multiply(rows, x, xAt + k, depth, deep, packed.weights(), at, out);
        case BFLOAT16 ->
            FewRowsOfBrainFloats.multiply(rows, x, xAt + k, depth, deep, packed.weights(), at, out);
        case INT8 ->
            FewRowsOfBytes.multiply(rows, x, xAt + k, depth, deep, packed.weights(), at, out);
      }
      finish(k, rows, out);
    }
  }

  private static void write(
      Packed packed, int panel, Activation activation, float[] tile, int rows, Matrix y, int row) {
    if (packed.layout().precision() == Precision.INT8) {
      TileOutput.scale(tile, rows, Panels.width(), packed.scales(), packed.bias(), biasAt(panel));
    }
    TileOutput.write(tile, rows, Panels.width(), activation, y, row, panel * Panels.width());
  }
}
