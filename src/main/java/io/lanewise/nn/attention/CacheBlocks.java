package io.lanewise.nn.attention;

import io.lanewise.memory.Matrix;
import io.lanewise.memory.MemoryBudget;
import io.lanewise.memory.Region;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The memory of a key-value cache: rows of keys and values of all layers, in blocks. It grows by
 * another block, so rows never move.
 */
final class CacheBlocks implements AutoCloseable {
  private final Region region = Region.open();
  private final MemoryBudget budget;
  private boolean closed;
  private final int blockRows;
  private final int columns;
  private final List<List<Matrix>> whole = new ArrayList<>();
  private final List<List<Matrix>> keys = new ArrayList<>();
  private final List<List<Matrix>> values = new ArrayList<>();

  /**
   * No rows yet.
   *
   * @param columns of a row: the first half is the key of a token, the second half its value
   * @param budget counts the memory
   */
  CacheBlocks(int layers, int blockRows, int columns, MemoryBudget budget) {
    this.budget = budget;
    this.blockRows = blockRows;
    this.columns = columns;
    for (int i = 0; i < layers; i++) {
      whole.add(new ArrayList<>());
      keys.add(new ArrayList<>());
      values.add(new ArrayList<>());
    }
  }

  /**
   * Allocates blocks, filled with zeros.
   *
   * @param rows the least number of rows
   * @throws io.lanewise.MemoryException if there is no memory
   */
  void grow(int rows) {
    long bytes = Math.multiplyExact((long) blockRows, columns) * Float.BYTES;
    while ((long) whole.getLast().size() * blockRows < rows) {
      for (int layer = 0; layer < whole.size(); layer++) {
        if (whole.get(layer).size() <= whole.getLast().size()) { // not there after a failed attempt
          addBlock(layer, bytes);
        }
      }
    }
  }

  private void addBlock(int layer, long bytes) {
    budget.takeForCache(bytes);
    try {
      var block = region.matrix(blockRows, columns);
      whole.get(layer).add(block);
      keys.get(layer).add(block.columns(0, columns / 2));
      values.get(layer).add(block.columns(columns / 2, columns / 2));
    } catch (RuntimeException e) {
      budget.giveBackOfCache(bytes);
      throw e;
    }
  }

  /** The blocks of a layer, [blockRows, columns] each. */
  List<Matrix> whole(int layer) {
    return Collections.unmodifiableList(whole.get(layer));
  }

  /** The first halves of a layer's blocks. */
  List<Matrix> keys(int layer) {
    return Collections.unmodifiableList(keys.get(layer));
  }

  /** The second halves of a layer's blocks. */
  List<Matrix> values(int layer) {
    return Collections.unmodifiableList(values.get(layer));
  }

  /** Writes one row. */
  void put(int layer, int row, Matrix k, Matrix v, int from) {
    keys.get(layer).get(row / blockRows).rows(row % blockRows, 1).copyFrom(k.rows(from, 1));
    values.get(layer).get(row / blockRows).rows(row % blockRows, 1).copyFrom(v.rows(from, 1));
  }

  long bytes() {
    return region.allocatedBytes();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // If the garbage collector frees the memory, nothing may refer to it any more.
    whole.forEach(List::clear);
    keys.forEach(List::clear);
    values.forEach(List::clear);
    region.close();
    budget.giveBackOfCache(bytes());
  }
}
