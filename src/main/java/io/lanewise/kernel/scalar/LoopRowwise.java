package io.lanewise.kernel.scalar;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Operands;
import io.lanewise.kernel.RotaryTable;
import io.lanewise.kernel.Rowwise;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@link Rowwise} as scalar loops in single precision, for the first calls of a process: {@link
 * io.lanewise.kernel.vector.VectorRowwise} is a hundred times slower until it is compiled.
 */
public final class LoopRowwise implements Rowwise {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** The fewest floats of a task: some microseconds. */
  private static final int TASK = 1 << 14;

  /** An operation on a row. */
  private interface RowTask {
    void apply(int row);
  }

  private final Workers workers;

  /** Operations that run on these threads. */
  public LoopRowwise(Workers workers) {
    this.workers = workers;
  }

  private void share(Matrix rows, RowTask task) {
    int part = Math.max(1, TASK / Math.max(1, rows.columns()));
    workers.run(
        Math.ceilDiv(rows.rows(), part),
        i -> {
          int end = Math.min((i + 1) * part, rows.rows());
          for (int row = i * part; row < end; row++) {
            task.apply(row);
          }
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
    var gains = gain.asSlice(0, (long) columns * Float.BYTES).toArray(FLOAT);
    var biases = bias.asSlice(0, (long) columns * Float.BYTES).toArray(FLOAT);
    share(
        x,
        i -> {
          var row = read(x, i);
          if (residual != null) {
            add(read(residual, i), row);
          }
          normalise(row, gains, biases, epsilon);
          write(row, y, i);
        });
  }

  private static void normalise(float[] row, float[] gains, float[] biases, float epsilon) {
    double sum = 0;
    for (float value : row) {
      sum += value;
    }
    float mean = (float) (sum / row.length);
    double squares = 0;
    for (float value : row) {
      float distance = value - mean;
      squares += distance * distance;
    }
    float scale = (float) (1 / Math.sqrt(squares / row.length + epsilon));
    for (int j = 0; j < row.length; j++) {
      row[j] = (row[j] - mean) * scale * gains[j] + biases[j];
    }
  }

  @Override
  public void rmsNorm(Matrix x, MemorySegment gain, float epsilon, Matrix y) {
    Operands.sameSize(x, y);
    var gains = gain.asSlice(0, (long) x.columns() * Float.BYTES).toArray(FLOAT);
    share(
        x,
        i -> {
          var row = read(x, i);
          double squares = 0;
          for (float value : row) {
            squares += value * value;
          }
          float scale = (float) (1 / Math.sqrt(squares / row.length + epsilon));
          for (int j = 0; j < row.length; j++) {
            row[j] = row[j] * scale * gains[j];
          }
          write(row, y, i);
        });
  }

  @Override
  public void softmax(Matrix x) {
    share(
        x,
        i -> {
          var row = read(x, i);
          softmax(row, row.length);
          write(row, x, i);
        });
  }

  /** Softmax of the first {@code count} numbers, in place. */
  public static void softmax(float[] row, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < count; j++) {
      max = Math.max(max, row[j]);
    }
    float factor = 1 / LoopFunctions.exponentials(row, count, max);
    for (int j = 0; j < count; j++) {
      row[j] *= factor;
    }
  }

  @Override
  public double logOfSum(float[] values) {
    float max = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      max = Math.max(max, value);
    }
    return max + Math.log(LoopFunctions.sumOfExponentials(values, max));
  }

  @Override
  public void activate(Activation activation, Matrix x) {
    share(
        x,
        i -> {
          var row = read(x, i);
          LoopFunctions.apply(activation, row, row.length);
          write(row, x, i);
        });
  }

  @Override
  public void gate(Activation activation, Matrix gate, Matrix y) {
    Operands.sameSize(gate, y);
    share(
        y,
        i -> {
          var gates = read(gate, i);
          LoopFunctions.apply(activation, gates, gates.length);
          var row = read(y, i);
          multiply(gates, row, row.length);
          write(row, y, i);
        });
  }

  /** {@code row = row · factors}, of the first {@code count} numbers. */
  public static void multiply(float[] factors, float[] row, int count) {
    for (int j = 0; j < count; j++) {
      row[j] *= factors[j];
    }
  }

  @Override
  public void rotate(Matrix x, RotaryTable table, int[] positions) {
    table.check(x, positions);
    share(
        x,
        i -> {
          var row = read(x, i);
          var cosines = read(table.cosines(), positions[i]);
          rotate(row, row.length, table, cosines, read(table.sines(), positions[i]));
          write(row, x, i);
        });
  }

  /** Turns the heads in the first {@code columns} numbers of a row. */
  public static void rotate(
      float[] row, int columns, RotaryTable table, float[] cosines, float[] sines) {
    int pairs = table.pairs();
    for (int head = 0; head < columns; head += table.headSize()) {
      switch (table.layout()) {
        case HALVES -> rotateHalves(row, head, pairs, cosines, sines);
        case ADJACENT -> rotateAdjacent(row, head, pairs, cosines, sines);
      }
    }
  }

  private static void rotateHalves(
      float[] row, int head, int pairs, float[] cosines, float[] sines) {
    for (int j = 0; j < pairs; j++) {
      float a = row[head + j];
      float b = row[head + pairs + j];
      row[head + j] = a * cosines[j] - b * sines[j];
      row[head + pairs + j] = b * cosines[j] + a * sines[j];
    }
  }

  private static void rotateAdjacent(
      float[] row, int head, int pairs, float[] cosines, float[] sines) {
    for (int j = 0; j < pairs; j++) {
      float a = row[head + 2 * j];
      float b = row[head + 2 * j + 1];
      row[head + 2 * j] = a * cosines[j] - b * sines[j];
      row[head + 2 * j + 1] = b * cosines[j] + a * sines[j];
    }
  }

  @Override
  public void add(Matrix x, Matrix y) {
    Operands.sameSize(x, y);
    share(y, i -> addRow(x, i, y, i));
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix y) {
    Operands.gather(table, ids, y);
    long bytes = (long) y.columns() * Float.BYTES;
    share(
        y,
        i -> MemorySegment.copy(table.data(), table.offset(ids[i]), y.data(), y.offset(i), bytes));
  }

  @Override
  public void addGathered(Matrix table, int[] ids, Matrix y) {
    Operands.gather(table, ids, y);
    share(y, i -> addRow(table, ids[i], y, i));
  }

  private static void addRow(Matrix x, int xRow, Matrix y, int yRow) {
    var sum = read(y, yRow);
    add(read(x, xRow), sum);
    write(sum, y, yRow);
  }

  private static void add(float[] values, float[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += values[j];
    }
  }

  private static float[] read(Matrix x, int row) {
    var values = new float[x.columns()];
    MemorySegment.copy(x.data(), FLOAT, x.offset(row), values, 0, values.length);
    return values;
  }

  private static void write(float[] values, Matrix y, int row) {
    MemorySegment.copy(values, 0, y.data(), FLOAT, y.offset(row), y.columns());
  }
}
