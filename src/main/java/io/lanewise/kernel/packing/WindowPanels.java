package io.lanewise.kernel.packing;

import io.lanewise.kernel.vector.Panels;
import io.lanewise.memory.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Keys and values of one head, packed for the register tiles ({@link Panels}): the keys as the
 * right factor of {@code q·kᵀ}, the values as that of {@code p·v}. One object is reused for many
 * heads, one after the other, with the same memory.
 */
public final class WindowPanels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private MemorySegment keys = MemorySegment.NULL;
  private MemorySegment values = MemorySegment.NULL;
  private float[] block = {};
  private float[] turned = {};
  private int headSize;
  private int room;

  /** Panels of keys, {@code [headSize][width]} each. */
  public MemorySegment keys() {
    return keys;
  }

  /** Byte offset of a panel of keys. */
  public long keysAt(int panel) {
    return (long) panel * headSize * Panels.width() * Float.BYTES;
  }

  /** Panels of values, {@code [slots][width]} each, for all features of a head. */
  public MemorySegment values() {
    return values;
  }

  /** Byte offset of a slot in a panel of values. */
  public long valuesAt(int panel, int slot) {
    return ((long) panel * room + slot) * Panels.width() * Float.BYTES;
  }

  /**
   * Packs the keys and values of these rows.
   *
   * @param rows the row of each slot; -1 for a slot of zeros
   * @param slots their number
   * @param column first column of the head
   * @param features of the head
   * @param scale multiplies the keys, and so the scores
   */
  public void pack(
      Matrix k, Matrix v, int[] rows, int slots, int column, int features, float scale) {
    int width = Panels.width();
    int panels = Panels.count(slots);
    headSize = features;
    room = panels * width;
    keys = atLeast(keys, (long) room * headSize);
    values = atLeast(values, (long) room * Panels.count(headSize) * width);
    if (block.length < width * headSize) {
      block = new float[width * headSize];
      turned = new float[width * headSize];
    }
    for (int panel = 0; panel < panels; panel++) {
      packKeys(k, rows, slots, panel, column, scale);
    }
    packValues(v, rows, slots, column);
  }

  private void packKeys(Matrix k, int[] rows, int slots, int panel, int column, float scale) {
    int width = Panels.width();
    for (int i = 0; i < width; i++) {
      int slot = panel * width + i;
      int row = slot < slots ? rows[slot] : -1;
      if (row < 0) {
        Arrays.fill(block, i * headSize, (i + 1) * headSize, 0);
      } else {
        long at = k.offset(row) + (long) column * Float.BYTES;
        MemorySegment.copy(k.data(), FLOAT, at, block, i * headSize, headSize);
      }
    }
    turn(scale);
    MemorySegment.copy(turned, 0, keys, FLOAT, keysAt(panel), headSize * width);
  }

  /**
   * Transposes [width, headSize] to [headSize, width], 16 features at a time so that both stay in
   * the cache.
   */
  private void turn(float scale) {
    int width = Panels.width();
    for (int strip = 0; strip < headSize; strip += 16) {
      int end = Math.min(strip + 16, headSize);
      for (int i = 0; i < width; i++) {
        for (int d = strip; d < end; d++) {
          turned[d * width + i] = scale * block[i * headSize + d];
        }
      }
    }
  }

  private void packValues(Matrix v, int[] rows, int slots, int column) {
    int width = Panels.width();
    for (int panel = 0; panel < Panels.count(headSize); panel++) {
      int from = panel * width;
      long bytes = (long) Math.min(width, headSize - from) * Float.BYTES;
      if (bytes < (long) width * Float.BYTES) {
        values.asSlice(valuesAt(panel, 0), (long) room * width * Float.BYTES).fill((byte) 0);
      }
      for (int slot = 0; slot < slots; slot++) {
        if (rows[slot] >= 0) {
          long at = v.offset(rows[slot]) + (long) (column + from) * Float.BYTES;
          MemorySegment.copy(v.data(), at, values, valuesAt(panel, slot), bytes);
        } else {
          values.asSlice(valuesAt(panel, slot), bytes).fill((byte) 0);
        }
      }
    }
  }

  /** Memory of at least this size; the garbage collector frees it with this object. */
  private static MemorySegment atLeast(MemorySegment old, long floats) {
    long bytes = floats * Float.BYTES;
    return old.byteSize() >= bytes ? old : Arena.ofAuto().allocate(bytes, 64);
  }
}
