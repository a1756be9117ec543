package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.fail;

import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A matrix surrounded by NaN: a kernel that reads beside it has a NaN in its result, and one that
 * writes beside it is detected.
 */
public record Sample(Matrix matrix, MemorySegment memory) {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int BESIDE = 0x7fc0beef;
  private static final int MARGIN = 67;

  /** The layout of a matrix in memory. */
  public enum Layout {
    /** Starts on a cache line, rows without gaps. */
    ALIGNED,
    /** Starts one float behind a cache line, rows without gaps. */
    SHIFTED,
    /** Rows with gaps, as a view of some columns. */
    STRIDED
  }

  /** A matrix of NaN. */
  public static Sample empty(Region region, int rows, int columns, Layout layout) {
    int stride = layout == Layout.STRIDED ? columns + 13 : columns;
    int before = layout == Layout.ALIGNED ? 64 : MARGIN;
    var memory = region.floats(before + (long) rows * stride + MARGIN);
    for (long i = 0; i < memory.byteSize(); i += Integer.BYTES) {
      memory.set(INT, i, BESIDE);
    }
    long bytes = ((long) rows * stride + MARGIN) * Float.BYTES;
    var data = memory.asSlice((long) before * Float.BYTES, bytes);
    return new Sample(new Matrix(data, rows, columns, stride), memory);
  }

  /** Numbers of a normal distribution. */
  public static Sample normal(Region region, long seed, int rows, int columns, Layout layout) {
    var sample = empty(region, rows, columns, layout);
    var random = new SplittableRandom(seed);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        sample.matrix.set(i, j, (float) random.nextGaussian());
      }
    }
    return sample;
  }

  /** The same numbers in a matrix of another layout. */
  public Sample copy(Region region, Layout layout) {
    var copy = empty(region, matrix.rows(), matrix.columns(), layout);
    copy.matrix.copyFrom(matrix);
    return copy;
  }

  /** Fails if anything was written outside the matrix. */
  public void assertNothingElseWritten() {
    long start = matrix.data().address() - memory.address();
    for (long i = 0; i < memory.byteSize(); i += Integer.BYTES) {
      long inside = (i - start) / Float.BYTES;
      boolean within =
          i >= start
              && inside / matrix.stride() < matrix.rows()
              && inside % matrix.stride() < matrix.columns();
      if (!within && memory.get(INT, i) != BESIDE) {
        fail("float %d of a matrix with stride %d was written", inside, matrix.stride());
      }
    }
  }

  /** Fails unless every element has the same bits; all NaN count as equal. */
  public static void assertSameBits(Matrix actual, Matrix expected) {
    var a = actual.toArray();
    var e = expected.toArray();
    int at = Arrays.mismatch(a, e);
    if (at >= 0) {
      fail("(%d, %d): %s, %s", at / actual.columns(), at % actual.columns(), a[at], e[at]);
    }
  }
}
