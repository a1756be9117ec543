package io.lanewise.kernel;

import io.lanewise.tensor.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The keys or the values of several sequences, a token a row, wherever the rows lie. A cache grows
 * block by block and never moves one, and sequences that began alike share rows.
 *
 * @param blocks of one width; all but the last have as many rows as the first, and rows are counted
 *     through them
 * @param places [batch * keys] which row each key of each sequence is; null if the rows of one
 *     block are divided evenly, the first ones of each part being the keys
 */
public record KeyRows(List<Matrix> blocks, int[] places) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Rows that lie in the order of the sequences, [batch * rows, columns]. */
  public static KeyRows of(Matrix rows) {
    return new KeyRows(List.of(rows), null);
  }

  public int columns() {
    return blocks.getFirst().columns();
  }

  /** The same rows, fewer columns. */
  public KeyRows columns(int from, int count) {
    return new KeyRows(blocks.stream().map(block -> block.columns(from, count)).toList(), places);
  }

  /** The rows of one sequence. */
  public Sequence sequence(int sequence, int batch, int keys) {
    int first = places == null ? sequence * (blocks.getFirst().rows() / batch) : sequence * keys;
    return new Sequence(this, first, keys);
  }

  /** All rows that are keys copied behind each other, [batch * keys, columns]. */
  public void gather(int batch, int keys, Matrix to) {
    for (int s = 0; s < batch; s++) {
      var rows = sequence(s, batch, keys);
      for (int i = 0; i < keys; i++) {
        MemorySegment.copy(
            rows.data(i), rows.offset(i), to.data(), to.offset(s * keys + i), 4L * columns());
      }
    }
  }

  /** Whether this can be {@code batch * keys} keys of this width. */
  boolean fits(int batch, int keys, int width) {
    for (var block : blocks) {
      if (block.columns() != width) {
        return false;
      }
    }
    int rows = blocks.getFirst().rows();
    if (places == null) {
      return blocks.size() == 1 && (batch == 0 || (rows % batch == 0 && rows / batch >= keys));
    }
    int all = (blocks.size() - 1) * rows + blocks.getLast().rows();
    for (int place : places) {
      if (place < 0 || place >= all) {
        return false;
      }
    }
    return places.length == batch * keys;
  }

  /**
   * The rows of one sequence.
   *
   * @param first where its places begin, or its rows where there are no places
   * @param count of its keys
   */
  public record Sequence(KeyRows rows, int first, int count) {
    public int columns() {
      return rows.columns();
    }

    private int place(int key) {
      return rows.places == null ? first + key : rows.places[first + key];
    }

    private Matrix block(int place) {
      return rows.blocks.get(place / rows.blocks.getFirst().rows());
    }

    /** The memory in which a key lies. */
    public MemorySegment data(int key) {
      return block(place(key)).data();
    }

    /** The byte in {@link #data} with which it begins. */
    public long offset(int key) {
      int place = place(key);
      return block(place).offset(place % rows.blocks.getFirst().rows());
    }

    /** Copies some columns of all its rows to an array, [count, size]. */
    public float[] toArray(int column, int size) {
      var array = new float[Math.multiplyExact(count, size)];
      for (int i = 0; i < count; i++) {
        long at = offset(i) + (long) column * Float.BYTES;
        MemorySegment.copy(data(i), FLOAT, at, array, i * size, size);
      }
      return array;
    }
  }
}
