package io.lanewise.kernel.vector;

import io.lanewise.kernel.Processor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The product of some rows and one panel, by the register tiles for this processor.
 *
 * <p>A panel holds {@link #width()} columns of the right factor, {@code [depth][width]}, so the
 * loop over k reads consecutive memory. Rows of the left factor are packed in groups ({@link
 * io.lanewise.kernel.packing.GroupedRows}).
 */
public final class Panels {
  /** Whether there are 32 vector registers: with 512 bits always, with less on ARM. */
  private static final boolean HAS_32_REGISTERS =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512 || Processor.here() == Processor.AARCH64;

  /** Rows of a group: those of the tallest tile. */
  public static final int GROUP =
      HAS_32_REGISTERS ? TilesFor32Registers.GROUP : TilesFor16Registers.GROUP;

  /** Consecutive k of a row in a group; a multiple of the number of lanes of every vector. */
  public static final int BLOCK =
      HAS_32_REGISTERS ? TilesFor32Registers.BLOCK : TilesFor16Registers.BLOCK;

  /**
   * The most k of a part of a sum: with 512 bits, a panel of this depth fits the second-level
   * cache.
   */
  private static final int DEPTH = 1024;

  private static final int WIDTH =
      FloatVector.SPECIES_PREFERRED.length() * (HAS_32_REGISTERS ? 4 : 2);

  private Panels() {}

  /**
   * The number of k in a part of a sum. A long sum is computed in parts of equal length (the last
   * one may be shorter), each from its first k to its last. All kernels use the same parts, so an
   * element has the same bits whether its row is alone or in a batch.
   */
  public static int part(int depth) {
    int parts = Math.ceilDiv(depth, DEPTH);
    return Math.ceilDiv(Math.ceilDiv(depth, parts), BLOCK) * BLOCK;
  }

  /** Columns of a panel. */
  public static int width() {
    return WIDTH;
  }

  /** The number of panels for {@code columns} columns; the last one may be incomplete. */
  public static int count(int columns) {
    return Math.ceilDiv(columns, WIDTH);
  }

  /**
   * {@code out[r][c] = start[c] + Σ x[r][k] · panel[k][c]} for the first rows of a group and one
   * panel.
   *
   * @param rows from 1 to {@link #GROUP}; a tile may also compute and write further rows of the
   *     group
   * @param x a group from {@code xAt}
   * @param depth how many k
   * @param panel [depth, width] from byte {@code at}
   * @param start [width] from byte {@code startAt}
   * @param out row r, column c at {@code outAt + r * outStride + c}, with room for a whole group
   */
  public static void multiply(
      int rows,
      float[] x,
      int xAt,
      int depth,
      MemorySegment panel,
      long at,
      MemorySegment start,
      long startAt,
      float[] out,
      int outAt,
      int outStride) {
    if (HAS_32_REGISTERS) {
      with32Registers(rows, x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
    } else {
      with16Registers(rows, x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
    }
  }

  /**
   * The same for the first {@code columns} columns of a panel; those behind them may be written as
   * well, or not.
   */
  public static void multiplyFirst(
      int columns,
      int rows,
      float[] x,
      int xAt,
      int depth,
      MemorySegment panel,
      long at,
      MemorySegment start,
      long startAt,
      float[] out,
      int outAt,
      int outStride) {
    if (HAS_32_REGISTERS && columns <= WIDTH / 2) {
      halfPanel(rows, x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
    } else {
      multiply(rows, x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
    }
  }

  private static void with32Registers(
      int rows,
      float[] x,
      int xAt,
      int depth,
      MemorySegment panel,
      long at,
      MemorySegment start,
      long startAt,
      float[] out,
      int outAt,
      int outStride) {
    switch (rows) {
      case 1 -> TilesFor32Registers.one(x, xAt, depth, panel, at, start, startAt, out, outAt);
      case 2, 3, 4 ->
          TilesFor32Registers.four(x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
      case 5, 6 ->
          TilesFor32Registers.six(x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
      case 9, 10 -> {
        int below = outAt + 6 * outStride;
        TilesFor32Registers.six(x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
        TilesFor32Registers.four(
            x, xAt + 6 * BLOCK, depth, panel, at, start, startAt, out, below, outStride);
      }
      default -> {
        halfPanel(rows, x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
        long right = (long) WIDTH / 2 * Float.BYTES;
        int to = outAt + WIDTH / 2;
        halfPanel(
            rows, x, xAt, depth, panel, at + right, start, startAt + right, out, to, outStride);
      }
    }
  }

  /** As {@link #multiply}, for the half of a panel whose rows begin at byte {@code at}. */
  private static void halfPanel(
      int rows,
      float[] x,
      int xAt,
      int depth,
      MemorySegment panel,
      long at,
      MemorySegment start,
      long startAt,
      float[] out,
      int outAt,
      int outStride) {
    if (rows > 8) {
      TilesFor32Registers.twelve(x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
    } else {
      TilesFor32Registers.eight(x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
    }
  }

  private static void with16Registers(
      int rows,
      float[] x,
      int xAt,
      int depth,
      MemorySegment panel,
      long at,
      MemorySegment start,
      long startAt,
      float[] out,
      int outAt,
      int outStride) {
    switch (rows) {
      case 1 -> TilesFor16Registers.one(x, xAt, depth, panel, at, start, startAt, out, outAt);
      case 2, 3, 4 ->
          TilesFor16Registers.four(x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
      default ->
          TilesFor16Registers.six(x, xAt, depth, panel, at, start, startAt, out, outAt, outStride);
    }
  }
}
