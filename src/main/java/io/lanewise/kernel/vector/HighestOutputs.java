package io.lanewise.kernel.vector;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.packing.BytePanels;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/**
 * The highest outputs of a linear layer, for a quarter of the time of all: the product of a few
 * rows and a large matrix takes as long as reading the matrix does.
 *
 * <p>An int8 copy of the weights gives every output approximately, and a bound says how far from
 * the exact one it may be. Outputs that a higher one surely exceeds are left out; for the few
 * others the panels of floats are multiplied, so they have the bits of the whole product.
 *
 * <p>The bound, with s the scale of an output's int8 weights, n inputs, u = 2⁻²⁴ and |x| the sum of
 * the absolute inputs:
 *
 * <ul>
 *   <li>A weight differs from its copy by s / 2 at most (plus the rounding of the quotient), so the
 *       exact sums differ by |x| · s / 2.
 *   <li>A sum of n products of floats, in any order, differs from the exact one by (n + few) · u
 *       times the sum of absolute summands (Higham, Accuracy and Stability of Numerical Algorithms,
 *       section 3.1), which is not more than |x| · 127 · s and the bias. There are two such sums.
 * </ul>
 */
public final class HighestOutputs {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final float NONE = Float.NEGATIVE_INFINITY;

  /** Half a step of the scale, and what the rounded quotient may add. */
  private static final double STEP = 0.5001;

  /** The highest int8, and what a rounded scale may add. */
  private static final double LARGEST = 127.1;

  /** Beyond it, scales and biases are not used: no sum overflows, and what underflows is small. */
  private static final float MOST_WEIGHT = 1e6f;

  /** The same for a sum of inputs. */
  private static final double MOST_INPUT = 1e28;

  /** Products that underflow. */
  private static final float UNDERFLOW = 1e-30f;

  /** Outputs of a task: whole panels. */
  private static final int CHUNK = 1 << 13;

  private final Packed floats;
  private final Packed bytes;
  private final VectorGemm ofFloats;
  private final VectorGemm ofBytes;
  private final Workers workers;
  private final float[] scales;
  private final float[] biases; // absolute
  private final boolean bounded;
  private final double rounding;

  private HighestOutputs(Packed floats, Packed bytes, Workers workers) {
    this.floats = floats;
    this.bytes = bytes;
    this.workers = workers;
    this.ofFloats = new VectorGemm(workers);
    this.ofBytes = new VectorGemm(workers, Precision.INT8);
    this.scales = bytes.scales().toArray(FLOAT);
    this.biases = floats.bias().toArray(FLOAT);
    boolean all = true;
    for (int i = 0; i < scales.length; i++) {
      biases[i] = Math.abs(biases[i]);
      all &= scales[i] < MOST_WEIGHT && biases[i] < MOST_WEIGHT; // false for NaN
    }
    this.bounded = all;
    // two sums, and as much again for the sums of bounds
    this.rounding = 3 * (floats.inputs() + 32) / (double) (1 << 24);
  }

  /**
   * Makes the copy.
   *
   * @param floats weights in panels of floats, which stay in use
   * @param region where the copy lives
   */
  public static HighestOutputs of(Packed floats, Region region, Workers workers) {
    return new HighestOutputs(floats, BytePanels.of(floats, region, workers), workers);
  }

  /**
   * Computes the highest outputs.
   *
   * @param x [rows, inputs]
   * @param excluded for each row, outputs that do not count
   * @param scratch [rows, outputs], written
   * @param highest [rows, outputs]: the highest of each row, all of them if several are equal, and
   *     perhaps some others, with the bits of the whole product; negative infinity for the rest
   * @return false if that would not be right or not be faster, as with numbers that are not finite;
   *     the contents of {@code highest} are undefined then
   */
  public boolean compute(Matrix x, int[][] excluded, Matrix scratch, float[] highest) {
    int rows = x.rows();
    var norms = new float[rows];
    for (int row = 0; row < rows; row++) {
      norms[row] = sum(x.rows(row, 1).toArray());
      if (!bounded || Float.isNaN(norms[row])) {
        return false;
      }
    }
    ofBytes.apply(x, bytes, Activation.IDENTITY, scratch);
    int outputs = floats.outputs();
    for (int row = 0; row < rows; row++) {
      MemorySegment.copy(
          scratch.data(), FLOAT, scratch.offset(row), highest, row * outputs, outputs);
      for (int output : excluded[row]) {
        highest[row * outputs + output] = NONE;
      }
    }
    var wanted = leaveOut(norms, highest);
    if (wanted == null) {
      return false;
    }
    multiply(x, wanted, scratch, highest);
    return true;
  }

  /** The sum of absolute values, rounded up; NaN if it is too large for the bound. */
  private static float sum(float[] row) {
    double sum = 0;
    for (float value : row) {
      sum += Math.abs((double) value);
    }
    return sum < MOST_INPUT ? (float) (sum * (1 + 1e-6)) : Float.NaN;
  }

  /**
   * Replaces approximate outputs that a higher one exceeds by {@link #NONE}.
   *
   * @return the panels of the others; null if they are too many or there are none
   */
  private int[] leaveOut(float[] norms, float[] outputs) {
    int chunks = Math.ceilDiv(floats.outputs(), CHUNK);
    var lowest = new float[norms.length * chunks];
    workers.run(
        lowest.length,
        i -> lowest[i] = highestLowerBound(norms[i / chunks], i / chunks, i % chunks, outputs));
    var wanted = new boolean[Panels.count(floats.outputs())];
    for (int row = 0; row < norms.length; row++) {
      float least = NONE;
      for (int i = row * chunks; i < (row + 1) * chunks; i++) {
        least = Math.max(least, lowest[i]);
      }
      if (least == NONE) {
        return null;
      }
      for (int i = row * chunks; i < (row + 1) * chunks; i++) {
        lowest[i] = least;
      }
    }
    workers.run(
        lowest.length,
        i -> leaveOut(norms[i / chunks], i / chunks, i % chunks, lowest[i], outputs, wanted));
    int[] panels = IntStream.range(0, wanted.length).filter(i -> wanted[i]).toArray();
    return panels.length > wanted.length / 4 ? null : panels;
  }

  private float highestLowerBound(float norm, int row, int chunk, float[] outputs) {
    float perScale = perScale(norm);
    float perBias = (float) rounding;
    float least = least(norm);
    int at = row * floats.outputs();
    float highest = NONE;
    for (int i = chunk * CHUNK; i < Math.min((chunk + 1) * CHUNK, floats.outputs()); i++) {
      float lower = outputs[at + i] - (perScale * scales[i] + perBias * biases[i] + least);
      if (lower > highest) {
        highest = lower;
      }
    }
    return highest;
  }

  private void leaveOut(
      float norm, int row, int chunk, float lowest, float[] outputs, boolean[] wanted) {
    float perScale = perScale(norm);
    float perBias = (float) rounding;
    float least = least(norm);
    int width = Panels.width();
    int at = row * floats.outputs();
    for (int i = chunk * CHUNK; i < Math.min((chunk + 1) * CHUNK, floats.outputs()); i++) {
      if (outputs[at + i] + (perScale * scales[i] + perBias * biases[i] + least) >= lowest) {
        wanted[i / width] = true;
      } else {
        outputs[at + i] = NONE;
      }
    }
  }

  private float perScale(float norm) {
    return (float) (norm * (STEP + LARGEST * rounding));
  }

  private static float least(float norm) {
    return norm * BytePanels.SMALLEST + UNDERFLOW;
  }

  /** Replaces what is left of the approximate outputs by exact ones. */
  private void multiply(Matrix x, int[] panels, Matrix scratch, float[] outputs) {
    int width = Panels.width();
    workers.run(
        panels.length,
        i -> {
          int first = panels[i] * width;
          int count = Math.min(width, floats.outputs() - first);
          var exact = scratch.columns(first, count);
          ofFloats.apply(x, ofFloats.part(floats, first, count), Activation.IDENTITY, exact);
          var values = exact.toArray(); // [rows, count]
          for (int row = 0; row < x.rows(); row++) {
            for (int j = 0; j < count; j++) {
              int at = row * floats.outputs() + first + j;
              if (outputs[at] != NONE) {
                outputs[at] = values[row * count + j];
              }
            }
          }
        });
  }
}
