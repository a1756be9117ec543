package io.lanewise.kernel;

import io.lanewise.memory.Matrix;

/**
 * The angles by which rotary position embeddings turn the heads of a query or key (Su et al. 2021).
 * Of each head the first {@code 2 * pairs} numbers are turned, two by two; the others stay.
 *
 * @param headSize features of a head
 * @param layout which two numbers are a pair
 * @param cosines [positions, pairs], any stride
 * @param sines as cosines
 */
public record RotaryTable(int headSize, Layout layout, Matrix cosines, Matrix sines) {
  /** Which two numbers of a head are turned together. */
  public enum Layout {
    /** Number i and number {@code i + pairs}, as in GPT-NeoX. */
    HALVES,
    /** Numbers {@code 2i} and {@code 2i + 1}, as in RoFormer. */
    ADJACENT
  }

  public RotaryTable {
    Operands.sameSize(cosines, sines);
    if (2 * cosines.columns() > headSize) {
      throw new IllegalArgumentException(
          "%d pairs in a head of %d".formatted(cosines.columns(), headSize));
    }
  }

  /** Positions that have angles. */
  public int positions() {
    return cosines.rows();
  }

  /** Numbers of a head that are turned, divided by two. */
  public int pairs() {
    return cosines.columns();
  }

  /** From one number of a pair to the other. */
  public int distance() {
    return layout == Layout.HALVES ? pairs() : 1;
  }

  /** From the first number of a pair to that of the next one. */
  public int step() {
    return layout == Layout.HALVES ? 1 : 2;
  }

  /** Checks that rows of a matrix can be turned so. */
  public void check(Matrix x, int[] positions) {
    if (x.columns() % headSize != 0 || positions.length != x.rows()) {
      throw new IllegalArgumentException(
          "%d rows of %d columns: %d positions, heads of %d"
              .formatted(x.rows(), x.columns(), positions.length, headSize));
    }
    for (int position : positions) {
      if (position < 0 || position >= positions()) {
        throw new IndexOutOfBoundsException("position %d of %d".formatted(position, positions()));
      }
    }
  }
}
