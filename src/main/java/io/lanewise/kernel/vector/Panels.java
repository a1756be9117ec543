package io.lanewise.kernel.vector;

import io.lanewise.kernel.Processor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The product of some rows and one panel, by whichever register tiles suit this processor.
 *
 * <p>A panel holds {@link #width()} columns of the right factor, {@code [depth][width]}, so that
 * the loop over k reads one stream from front to back. Rows of the left factor are packed in groups
 * ({@link io.lanewise.kernel.packing.GroupedRows}).
 */
public final class Panels {
  /** Whether there are 32 vector registers: with 512 bits always, with less on ARM. */
  private static final boolean HAS_32_REGISTERS =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512 || Processor.here() == Processor.AARCH64;

  /** Rows of a group: as many as the tallest tile has. */
  public static final int GROUP =
      HAS_32_REGISTERS ? TilesFor32Registers.GROUP : TilesFor16Registers.GROUP;

  /** How many k of a row lie together in a group; a multiple of the lanes of every vector. */
  public static final int BLOCK =
      HAS_32_REGISTERS ? TilesFor32Registers.BLOCK : TilesFor16Registers.BLOCK;

  /** The most k of a sum's part: a panel of as many stays in the second cache, with 512 bits. */
  private static final int DEPTH = 1024;

  private static final int WIDTH =
      FloatVector.SPECIES_PREFERRED.length() * (HAS_32_REGISTERS ? 4 : 2);

  private Panels() {}

  /**
   * The k of a part of a sum. A deep sum is that of a few parts, which are as long as each other
   * but for the last one; each is computed from its first k to its last. Whoever multiplies does
   * so, for an element has the same bits in a row alone and in a batch.
   */
  public static int part(int depth) {
    int parts = Math.ceilDiv(depth, DEPTH);
    return Math.ceilDiv(Math.ceilDiv(depth, parts), BLOCK) * BLOCK;
  }

  /** Columns of a panel. */
  public static int width() {
    return WIDTH;
  }

  /** Panels that {@code columns} columns fill, the last one perhaps in part. */
  public static int count(int columns) {
    return Math.ceilDiv(columns, WIDTH);
  }

  /**
   * {@code out[r][c] = start[c] + Σ x[r][k] · panel[k][c]} for the first rows of a group and one
   * panel.
   *
   * @param rows from 1 to {@link #GROUP}; a tile may compute a few of the group's rows more, and
   *     write them
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
