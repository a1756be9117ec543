package io.lanewise.kernel.vector;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Operands;
import io.lanewise.kernel.RotaryTable;
import io.lanewise.kernel.Rowwise;
import io.lanewise.kernel.ScratchArrays;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.scalar.LoopRowwise;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * {@link Rowwise} with the Vector API. Each row is copied to an array of whole vectors, processed
 * there in the first-level cache, and copied back. So the arithmetic is the same wherever the row
 * is in memory, and whatever its length is.
 */
public final class VectorRowwise implements Rowwise {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** The fewest floats of a task: a few microseconds. */
  private static final int TASK = 1 << 14;

  /** An operation on the rows from {@code from} to before {@code to}. */
  private interface RowsTask {
    void apply(int from, int to);
  }

  private final Workers workers;
  private final ScratchArrays arrays;

  /** Operations that run on these threads. */
  public VectorRowwise(Workers workers) {
    this.workers = workers;
    this.arrays = new ScratchArrays(4 * workers.threads());
  }

  private void share(Matrix rows, RowsTask task) {
    int part = Math.max(1, TASK / Math.max(1, rows.columns()));
    workers.run(
        Math.ceilDiv(rows.rows(), part),
        i -> {
          int from = i * part;
          task.apply(from, from + Math.min(part, rows.rows() - from));
        });
  }

  @Override
  public void layerNorm(Matrix x, MemorySegment gain, MemorySegment bias, float epsilon, Matrix y) {
    normalise(x, null, gain, bias, epsilon, y);
  }

  @Override
  public void addLayerNorm(
      Matrix x, Matrix residual, MemorySegment gain, MemorySegment bias, float epsilon, Matrix y) {
    Operands.sameSize(x, residual);
    normalise(x, residual, gain, bias, epsilon, y);
  }

  private void normalise(
      Matrix x, Matrix residual, MemorySegment gain, MemorySegment bias, float epsilon, Matrix y) {
    Operands.sameSize(x, y);
    int columns = x.columns();
    int length = roundUp(columns, NormalisedRow.step());
    var gains = arrays.borrow(length);
    var biases = arrays.borrow(length);
    MemorySegment.copy(gain, FLOAT, 0, gains, 0, columns);
    MemorySegment.copy(bias, FLOAT, 0, biases, 0, columns);
    share(
        x,
        (from, to) -> {
          var row = arrays.borrow(length + lanes());
          var other = arrays.borrow(length);
          for (int i = from; i < to; i++) {
            read(x, i, row);
            if (residual != null) {
              read(residual, i, other);
              NormalisedRow.add(row, other, length);
            }
            NormalisedRow.normalise(row, columns, length, gains, biases, epsilon);
            write(row, y, i);
          }
          arrays.giveBack(row);
          arrays.giveBack(other);
        });
    arrays.giveBack(gains);
    arrays.giveBack(biases);
  }

  @Override
  public void rmsNorm(Matrix x, MemorySegment gain, float epsilon, Matrix y) {
    Operands.sameSize(x, y);
    int columns = x.columns();
    int length = roundUp(columns, NormalisedRow.step());
    var gains = arrays.borrow(length);
    MemorySegment.copy(gain, FLOAT, 0, gains, 0, columns);
    share(
        x,
        (from, to) -> {
          var row = arrays.borrow(length + lanes());
          for (int i = from; i < to; i++) {
            read(x, i, row);
            NormalisedRow.divideByRoot(row, columns, length, gains, epsilon);
            write(row, y, i);
          }
          arrays.giveBack(row);
        });
    arrays.giveBack(gains);
  }

  @Override
  public void softmax(Matrix x) {
    int length = roundUp(x.columns(), lanes());
    share(
        x,
        (from, to) -> {
          var row = arrays.borrow(length + lanes());
          for (int i = from; i < to; i++) {
            read(x, i, row);
            Arrays.fill(row, x.columns(), length, Float.NEGATIVE_INFINITY);
            float max = SoftmaxRow.max(row, 0, length, 1);
            float sum = SoftmaxRow.exponentials(row, 0, length, 1, max, row, length);
            SoftmaxRow.scale(row, 0, length, 1 / sum);
            write(row, x, i);
          }
          arrays.giveBack(row);
        });
  }

  @Override
  public double logOfSum(float[] values) {
    int whole = values.length - values.length % lanes();
    var end = arrays.borrow(2 * lanes()); // the last numbers, padded, and room for a sum
    System.arraycopy(values, whole, end, 0, values.length - whole);
    Arrays.fill(end, values.length - whole, lanes(), Float.NEGATIVE_INFINITY);
    float most = SoftmaxRow.max(values, 0, whole, 1);
    float max = Math.max(most, SoftmaxRow.max(end, 0, lanes(), 1));
    double sum = SoftmaxRow.sumOfExponentials(values, whole, max, end, lanes());
    sum += SoftmaxRow.sumOfExponentials(end, lanes(), max, end, lanes());
    arrays.giveBack(end);
    return max + Math.log(sum);
  }

  @Override
  public void activate(Activation activation, Matrix x) {
    int length = roundUp(x.columns(), lanes());
    share(
        x,
        (from, to) -> {
          var row = arrays.borrow(length + lanes());
          for (int i = from; i < to; i++) {
            read(x, i, row);
            VectorFunctions.apply(activation, row, length);
            write(row, x, i);
          }
          arrays.giveBack(row);
        });
  }

  @Override
  public void gate(Activation activation, Matrix gate, Matrix y) {
    Operands.sameSize(gate, y);
    int length = roundUp(y.columns(), lanes());
    share(
        y,
        (from, to) -> {
          var gates = arrays.borrow(length + lanes());
          var row = arrays.borrow(length);
          for (int i = from; i < to; i++) {
            read(gate, i, gates);
            VectorFunctions.apply(activation, gates, length);
            read(y, i, row);
            LoopRowwise.multiply(gates, row, length);
            write(row, y, i);
          }
          arrays.giveBack(gates);
          arrays.giveBack(row);
        });
  }

  /** The loop of {@link LoopRowwise}: products and sums of two alone, so it has the same bits. */
  @Override
  public void rotate(Matrix x, RotaryTable table, int[] positions) {
    table.check(x, positions);
    share(
        x,
        (from, to) -> {
          var row = arrays.borrow(x.columns());
          var cosines = arrays.borrow(table.pairs());
          var sines = arrays.borrow(table.pairs());
          for (int i = from; i < to; i++) {
            read(x, i, row);
            read(table.cosines(), positions[i], cosines);
            read(table.sines(), positions[i], sines);
            LoopRowwise.rotate(row, x.columns(), table, cosines, sines);
            write(row, x, i);
          }
          arrays.giveBack(row);
          arrays.giveBack(cosines);
          arrays.giveBack(sines);
        });
  }

  @Override
  public void add(Matrix x, Matrix y) {
    Operands.sameSize(x, y);
    share(
        y,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            addRow(x, i, y, i);
          }
        });
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix y) {
    Operands.gather(table, ids, y);
    long bytes = (long) y.columns() * Float.BYTES;
    share(
        y,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            MemorySegment.copy(table.data(), table.offset(ids[i]), y.data(), y.offset(i), bytes);
          }
        });
  }

  @Override
  public void addGathered(Matrix table, int[] ids, Matrix y) {
    Operands.gather(table, ids, y);
    share(
        y,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            addRow(table, ids[i], y, i);
          }
        });
  }

  private void addRow(Matrix x, int xRow, Matrix y, int yRow) {
    int length = roundUp(y.columns(), lanes());
    var sum = arrays.borrow(length);
    var other = arrays.borrow(length);
    read(y, yRow, sum);
    read(x, xRow, other);
    NormalisedRow.add(sum, other, length);
    write(sum, y, yRow);
    arrays.giveBack(sum);
    arrays.giveBack(other);
  }

  private static void read(Matrix x, int row, float[] values) {
    MemorySegment.copy(x.data(), FLOAT, x.offset(row), values, 0, x.columns());
  }

  private static void write(float[] values, Matrix y, int row) {
    MemorySegment.copy(values, 0, y.data(), FLOAT, y.offset(row), y.columns());
  }

  private static int lanes() {
    return FloatVector.SPECIES_PREFERRED.length();
  }

  private static int roundUp(int columns, int step) {
    return Math.ceilDiv(columns, step) * step;
  }
}
