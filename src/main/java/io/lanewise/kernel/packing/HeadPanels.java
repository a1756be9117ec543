package io.lanewise.kernel.packing;

import io.lanewise.kernel.KeyRows;
import io.lanewise.kernel.Lanes;
import io.lanewise.kernel.vector.Panels;
import io.lanewise.memory.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The keys and the values of one head as right factors of a product: keys transposed to {@code
 * [keys / width][headSize][width]}, values as {@code [headSize / width][keys][width]}.
 *
 * <p>Its memory is scratch, used for one head after the other. The garbage collector frees it,
 * because no model owns it.
 */
public final class HeadPanels {
  private final int width = Panels.width();
  private MemorySegment memory = MemorySegment.NULL;
  private float[] block = {};
  private float[] turned = {};

  private int keys;
  private int headSize;
  private long valuesAt;

  /**
   * Packs one head.
   *
   * @param column of the first feature of the head
   * @param size features of the head
   */
  public void pack(KeyRows.Sequence k, KeyRows.Sequence v, int column, int size) {
    keys = k.count();
    headSize = size;
    // Memory: one row of zeros of a panel's width, then the keys, then the values.
    valuesAt = bytes(width) + bytes((long) Panels.count(keys) * headSize * width);
    reserve(valuesAt + bytes((long) Panels.count(headSize) * keys * width));
    for (int panel = 0; panel < Panels.count(keys); panel++) {
      packKeys(k, column, panel);
    }
    for (int panel = 0; panel < Panels.count(headSize); panel++) {
      packValues(v, column, panel);
    }
  }

  private void reserve(long bytes) {
    if (memory.byteSize() < bytes) {
      memory = Arena.ofAuto().allocate(bytes, Region.ALIGNMENT);
    }
    if (block.length < width * headSize) {
      block = new float[width * headSize];
      turned = new float[width * headSize];
    }
  }

  private void packKeys(KeyRows.Sequence k, int column, int panel) {
    int first = panel * width;
    int count = Math.min(width, keys - first);
    for (int i = 0; i < count; i++) {
      k.copy(first + i, column, headSize, block, i * headSize);
    }
    for (int i = count * headSize; i < width * headSize; i++) {
      block[i] = 0;
    }
    PanelPacking.turn(block, width, headSize, turned, width);
    Lanes.copy(turned, 0, memory, bytes(width) + bytes((long) first * headSize), width * headSize);
  }

  private void packValues(KeyRows.Sequence v, int column, int panel) {
    int first = panel * width;
    int count = Math.min(width, headSize - first);
    long at = valuesAt + bytes((long) first * keys);
    for (int i = 0; i < keys; i++) {
      v.copy(i, column + first, count, turned, 0);
      Lanes.copy(turned, 0, memory, at + bytes((long) i * width), width);
    }
  }

  /**
   * Scores of some queries.
   *
   * @param rows of a group
   * @param q the group, as {@link GroupedRows}
   * @param scores a group of rows with one number per key, written at least up to the end of the
   *     last vector of keys, at most up to the end of the last panel
   */
  public void scores(int rows, float[] q, float[] scores) {
    for (int panel = 0; panel < Panels.count(keys); panel++) {
      long at = bytes(width) + bytes((long) panel * width * headSize);
      int to = GroupedRows.place(panel * width);
      int count = keys - panel * width;
      Panels.multiplyFirst(
          count, rows, q, 0, headSize, memory, at, memory, 0, scores, to, Panels.BLOCK);
    }
  }

  /**
   * Weighted sums of values.
   *
   * @param rows of a group
   * @param weights of the values, a group of rows with one number per key
   * @param panel which part of the head's features
   * @param tile [GROUP, width], written at least for the features that there are
   */
  public void context(int rows, float[] weights, int panel, float[] tile) {
    long at = valuesAt + bytes((long) panel * width * keys);
    int count = headSize - panel * width;
    Panels.multiplyFirst(count, rows, weights, 0, keys, memory, at, memory, 0, tile, 0, width);
  }

  private static long bytes(long floats) {
    return floats * Float.BYTES;
  }
}
