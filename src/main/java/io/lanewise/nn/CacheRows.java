package io.lanewise.nn;

import io.lanewise.InputException;
import io.lanewise.tensor.Matrix;
import io.lanewise.tensor.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The keys and values of all layers in memory of their own.
 *
 * @param rows of each sequence
 * @param layers of each layer [batch * rows, columns]
 */
record CacheRows(Region region, int batch, int rows, List<Matrix> layers) {
  static CacheRows of(int layers, int batch, int rows, int columns) {
    var region = Region.open();
    try {
      var list = new ArrayList<Matrix>();
      for (int i = 0; i < layers; i++) {
        list.add(region.matrix(Math.multiplyExact(batch, rows), columns));
      }
      return new CacheRows(region, batch, rows, List.copyOf(list));
    } catch (RuntimeException | OutOfMemoryError e) {
      region.close();
      throw new InputException(
          "no memory for the keys and values of "
              + batch
              + " × "
              + rows
              + " tokens in "
              + layers
              + " layers: make the batch or the sequences smaller",
          e);
    }
  }

  /** A larger or smaller one in which sequence i starts with {@code tokens} rows of from[i]. */
  CacheRows select(int[] from, int tokens, int newRows) {
    var copy = of(layers.size(), from.length, newRows, layers.getFirst().columns());
    for (int layer = 0; layer < layers.size(); layer++) {
      for (int i = 0; i < from.length; i++) {
        var old = layers.get(layer).rows(from[i] * rows, tokens);
        copy.layers.get(layer).rows(i * newRows, tokens).copyFrom(old);
      }
    }
    return copy;
  }

  /** Puts rows of other sequences into their places, reading all before writing any. */
  void reorder(int[] from, int tokens) {
    int[] moved = IntStream.range(0, batch).filter(i -> from[i] != i).toArray();
    try (var scratch = Region.scratch()) {
      var taken = scratch.matrix(moved.length * tokens, layers.getFirst().columns());
      for (var layer : layers) {
        for (int i = 0; i < moved.length; i++) {
          taken.rows(i * tokens, tokens).copyFrom(layer.rows(from[moved[i]] * rows, tokens));
        }
        for (int i = 0; i < moved.length; i++) {
          layer.rows(moved[i] * rows, tokens).copyFrom(taken.rows(i * tokens, tokens));
        }
      }
    }
  }
}
