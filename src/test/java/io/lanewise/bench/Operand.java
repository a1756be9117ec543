package io.lanewise.bench;

import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.util.Random;

/** What the kernels are fed with: random numbers, of mean 0 and deviation 1. */
final class Operand {
  /** The features of a base-size model, and of its attention heads. */
  static final int HIDDEN = 768;

  static final int HEADS = 12;
  static final int HEAD_SIZE = HIDDEN / HEADS;

  /** Features between the two products of its feed-forward network. */
  static final int INTERMEDIATE = 3072;

  private Operand() {}

  /** A matrix in off-heap memory, the same for the same size. */
  static Matrix matrix(Region region, int rows, int columns) {
    var random = new Random(31L * rows + columns);
    var matrix = region.matrix(rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.set(i, j, (float) random.nextGaussian());
      }
    }
    return matrix;
  }
}
