package io.lanewise.kernel.vector;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.kernel.Lanes;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.packing.GroupedRows;
import io.lanewise.kernel.packing.WidenedPanels;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The product of some rows and a strip (a few panels side by side); owns the scratch memory for it.
 * A strip, or the part of it for one part of k ({@link Panels#part}), stays in the second-level
 * cache until all groups of rows are multiplied by it.
 *
 * <p>Weights of 32 bits are first loaded into that cache by a loop that only reads: it keeps the
 * largest possible number of cache lines in flight, while a tile would wait for each line.
 */
final class StripProduct {
  /** The most columns of a strip; with 512 bits that is one panel. */
  private static final int COLUMNS = 64;

  private final WidenedPanels widened = new WidenedPanels();
  private final float[] trace = new float[Panels.width()];
  private final MemorySegment zeros = Arena.ofAuto().allocate(bytes(1), Region.ALIGNMENT);
  private final float[] tile = new float[Panels.GROUP * COLUMNS]; // [rows, columns of the strip]
  private float[] sums = {}; // of the parts of k before, [all rows, columns of the strip]

  /**
   * Panels of a strip.
   *
   * @param panels of the product
   * @param tasks the fewest tasks, so that all threads have some
   */
  static int panels(int panels, int tasks) {
    return Math.clamp(panels / tasks, 1, COLUMNS / Panels.width());
  }

  private static long bytes(int depth) {
    return (long) depth * Panels.width() * Float.BYTES;
  }

  /**
   * Multiplies and stores.
   *
   * @param x all rows, as {@link GroupedRows}
   * @param from the first row, a multiple of {@link Panels#GROUP}
   * @param first panel of the strip
   * @param count panels of the strip
   */
  void multiply(
      float[] x,
      int from,
      int rows,
      Packed packed,
      int first,
      int count,
      Activation activation,
      Matrix y) {
    int depth = packed.inputs();
    var floats = packed.weights();
    long stride = bytes(depth);
    long at = first * stride;
    boolean widens = packed.layout().precision() != Precision.FLOAT32;
    if (widens) {
      widened.widen(packed, first, count);
      floats = widened.memory();
      stride = WidenedPanels.stride(packed);
      at = 0;
    }
    int part = Panels.part(depth);
    int width = count * Panels.width();
    if (part < depth && sums.length < rows * width) {
      sums = new float[Math.multiplyExact(rows, width)];
    }
    for (int k = 0; k < depth; k += part) {
      int deep = Math.min(part, depth - k);
      long partAt = at + bytes(k);
      for (int p = 0; !widens && p < count; p++) {
        read(floats, partAt + p * stride, bytes(deep));
      }
      for (int done = 0; done < rows; done += Panels.GROUP) {
        int height = Math.min(Panels.GROUP, rows - done);
        int xAt = (from + done) / Panels.GROUP * GroupedRows.size(depth) + GroupedRows.place(k);
        for (int p = 0; p < count; p++) {
          boolean biased = k == 0 && !isScaled(packed);
          var start = biased ? packed.bias() : zeros;
          long startAt = biased ? bytes(1) * (first + p) : 0;
          Panels.multiply(
              height,
              x,
              xAt,
              deep,
              floats,
              partAt + p * stride,
              start,
              startAt,
              tile,
              p * Panels.width(),
              width);
        }
        if (k > 0) {
          add(tile, sums, done * width, height * width);
        }
        if (k + deep < depth) {
          System.arraycopy(tile, 0, sums, done * width, height * width);
        } else {
          write(packed, height, width, activation, y, from + done, first * Panels.width());
        }
      }
    }
  }

  /** {@code tile += sums}. */
  private static void add(float[] tile, float[] sums, int at, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      Lanes.load(tile, i).add(Lanes.load(sums, at + i)).intoArray(tile, i);
    }
  }

  private static boolean isScaled(Packed packed) {
    return packed.layout().precision() == Precision.INT8;
  }

  /**
   * Reads one cache line after the other. The result is stored, because the compiler would remove
   * the reads otherwise.
   */
  private void read(MemorySegment floats, long at, long bytes) {
    var base = Lanes.base(floats);
    long first = Lanes.offset(floats, at);
    var seen = Lanes.words(base, first);
    for (long i = Lanes.LINE; i + Lanes.LINE <= bytes; i += Lanes.LINE) {
      seen = seen.or(Lanes.words(base, first + i));
    }
    seen.reinterpretAsFloats().intoArray(trace, 0);
  }

  private void write(
      Packed packed, int rows, int width, Activation activation, Matrix y, int row, int column) {
    if (isScaled(packed)) {
      long at = (long) column * Float.BYTES;
      TileOutput.scale(tile, rows, width, packed.scales(), packed.bias(), at);
    }
    TileOutput.write(tile, rows, width, activation, y, row, column);
  }
}
