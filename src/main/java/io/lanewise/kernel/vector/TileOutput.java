package io.lanewise.kernel.vector;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.store;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Lanes;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Scales, activates and stores a tile that has just been computed and is still in the first-level
 * cache.
 */
final class TileOutput {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private TileOutput() {}

  /**
   * {@code tile = tile · scales + bias}, for sums of whole numbers.
   *
   * @param tile [rows, width]
   * @param width a multiple of the number of lanes
   * @param at byte where the scales and the bias of its first column lie
   */
  static void scale(
      float[] tile, int rows, int width, MemorySegment scales, MemorySegment bias, long at) {
    var factors = Lanes.base(scales);
    long factorsAt = Lanes.offset(scales, at);
    var summands = Lanes.base(bias);
    long summandsAt = Lanes.offset(bias, at);
    for (int c = 0; c < width; c += SPECIES_PREFERRED.length()) {
      var scale = load(factors, factorsAt + (long) c * Float.BYTES);
      var start = load(summands, summandsAt + (long) c * Float.BYTES);
      for (int i = c; i < rows * width; i += width) {
        load(tile, i).fma(scale, start).intoArray(tile, i);
      }
    }
  }

  /**
   * Applies an activation to a tile and stores it.
   *
   * @param tile [rows, width]
   * @param width a multiple of the number of lanes
   * @param y receives the tile from this row and column on; columns behind its last one are skipped
   */
  static void write(
      float[] tile, int rows, int width, Activation activation, Matrix y, int row, int column) {
    VectorFunctions.apply(activation, tile, rows * width);
    long at = y.offset(row) + (long) column * Float.BYTES;
    int columns = Math.min(width, y.columns() - column);
    if (columns == width) {
      storeRows(tile, rows, width, y.data(), at, y.offset(1));
    } else {
      for (int r = 0; r < rows; r++) {
        MemorySegment.copy(tile, r * width, y.data(), FLOAT, at + y.offset(r), columns);
      }
    }
  }

  private static void storeRows(
      float[] tile, int rows, int width, MemorySegment y, long at, long rowBytes) {
    var base = Lanes.base(y);
    long first = Lanes.offset(y, at);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < width; c += SPECIES_PREFERRED.length()) {
        store(load(tile, r * width + c), base, first + r * rowBytes + (long) c * Float.BYTES);
      }
    }
  }
}
