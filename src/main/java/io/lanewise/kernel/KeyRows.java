package io.lanewise.kernel;

import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The keys or the values of several sequences, one row per token, in one or more blocks. A cache
 * grows block by block without moving rows, and sequences with a common beginning share rows.
 *
 * @param blocks of the same width; all but the last have as many rows as the first; rows are
 *     numbered through all blocks
 * @param places [batch * keys], the row of each key of each sequence; null if there is one block
 *     with equally many rows for each sequence, of which the first ones are its keys
 */
public record KeyRows(List<Matrix> blocks, int[] places) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Rows in the order of the sequences, [batch * rows, columns]. */
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
    return new Sequence(blocks, places, first, keys);
  }

  /** Consecutive rows, where {@code places} is null. */
  Sequence run(int first, int count) {
    return new Sequence(blocks, null, first, count);
  }

  /** Copies the rows of all keys one after the other, [batch * keys, columns]. */
  public void gather(int batch, int keys, Matrix to) {
    for (int s = 0; s < batch; s++) {
      var rows = sequence(s, batch, keys);
      for (int i = 0; i < keys; i++) {
        to.rows(s * keys + i, 1).copyFrom(rows.row(i));
      }
    }
  }

  /** Whether this has {@code batch * keys} keys of this width. */
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

  /** The rows of one sequence. */
  public static final class Sequence {
    private final Matrix block; // the first one
    private final Matrix[] blocks; // null if there is no other
    private final int[] places;
    private final int first; // where its places begin, or its rows if there are no places
    private final int count;
    private final int blockRows;

    private Sequence(List<Matrix> blocks, int[] places, int first, int count) {
      this.block = blocks.getFirst();
      this.blocks = blocks.size() == 1 ? null : blocks.toArray(Matrix[]::new);
      this.places = places;
      this.first = first;
      this.count = count;
      // A single block needs no division; a division costs as much as copying half a row.
      this.blockRows = blocks.size() == 1 ? 0 : block.rows();
    }

    /** Keys of the sequence. */
    public int count() {
      return count;
    }

    /** One key, [1, columns]. */
    public Matrix row(int key) {
      int place = place(key);
      return blockRows == 0
          ? block.rows(place, 1)
          : blocks[place / blockRows].rows(place % blockRows, 1);
    }

    /** Copies some columns of a key to an array, by vectors. */
    public void copy(int key, int column, int size, float[] to, int at) {
      Lanes.copy(block(key).data(), offset(key, column), to, at, size);
    }

    /** The block that a key lies in. */
    public Matrix block(int key) {
      return blockRows == 0 ? block : blocks[place(key) / blockRows];
    }

    /** The first key after this one that lies in another block. */
    public int endOfBlock(int key) {
      if (blockRows == 0) {
        return count;
      }
      int block = place(key) / blockRows;
      int end = key + 1;
      while (end < count && place(end) / blockRows == block) {
        end++;
      }
      return end;
    }

    /** Where a column of a key lies in the data of its block, in bytes. */
    public long offset(int key, int column) {
      int place = place(key);
      return block.offset(blockRows == 0 ? place : place % blockRows) + 4L * column;
    }

    private int place(int key) {
      return places == null ? first + key : places[first + key];
    }

    /** Copies some columns of all its rows to an array, [count, size]. */
    public float[] toArray(int column, int size) {
      var array = new float[Math.multiplyExact(count, size)];
      for (int i = 0; i < count; i++) {
        var row = row(i);
        MemorySegment.copy(row.data(), FLOAT, 4L * column, array, i * size, size);
      }
      return array;
    }
  }
}
