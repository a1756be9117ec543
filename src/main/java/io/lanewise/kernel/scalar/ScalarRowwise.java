package io.lanewise.kernel.scalar;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Operands;
import io.lanewise.kernel.RotaryTable;
import io.lanewise.kernel.Rowwise;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The reference implementation of {@link Rowwise}: sums and functions in double precision. */
public record ScalarRowwise(Workers workers) implements Rowwise {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  @Override
  public void layerNorm(Matrix x, MemorySegment gain, MemorySegment bias, float epsilon, Matrix y) {
    Operands.sameSize(x, y);
    var gains = gain.asSlice(0, 4L * x.columns()).toArray(FLOAT);
    var biases = bias.asSlice(0, 4L * x.columns()).toArray(FLOAT);
    workers.run(
        x.rows(),
        i -> y.rows(i, 1).copyFrom(normalise(x.rows(i, 1).toArray(), gains, biases, epsilon), 0));
  }

  @Override
  public void addLayerNorm(
      Matrix x, Matrix residual, MemorySegment gain, MemorySegment bias, float epsilon, Matrix y) {
    Operands.sameSize(x, residual);
    Operands.sameSize(x, y);
    var gains = gain.asSlice(0, 4L * x.columns()).toArray(FLOAT);
    var biases = bias.asSlice(0, 4L * x.columns()).toArray(FLOAT);
    workers.run(
        x.rows(),
        i -> {
          var row = x.rows(i, 1).toArray();
          var other = residual.rows(i, 1).toArray();
          for (int j = 0; j < row.length; j++) {
            row[j] += other[j];
          }
          y.rows(i, 1).copyFrom(normalise(row, gains, biases, epsilon), 0);
        });
  }

  private static float[] normalise(float[] row, float[] gain, float[] bias, float epsilon) {
    double sum = 0;
    for (float value : row) {
      sum += value;
    }
    double mean = sum / row.length;
    double squares = 0;
    for (float value : row) {
      squares += (value - mean) * (value - mean);
    }
    double scale = 1 / Math.sqrt(squares / row.length + epsilon);
    for (int j = 0; j < row.length; j++) {
      row[j] = (float) ((row[j] - mean) * scale * gain[j] + bias[j]);
    }
    return row;
  }

  @Override
  public void rmsNorm(Matrix x, MemorySegment gain, float epsilon, Matrix y) {
    Operands.sameSize(x, y);
    var gains = gain.asSlice(0, 4L * x.columns()).toArray(FLOAT);
    workers.run(
        x.rows(),
        i -> {
          var row = x.rows(i, 1).toArray();
          double squares = 0;
          for (float value : row) {
            squares += (double) value * value;
          }
          double scale = 1 / Math.sqrt(squares / row.length + epsilon);
          for (int j = 0; j < row.length; j++) {
            row[j] = (float) (row[j] * scale * gains[j]);
          }
          y.rows(i, 1).copyFrom(row, 0);
        });
  }

  @Override
  public void softmax(Matrix x) {
    workers.run(
        x.rows(),
        i -> {
          var row = x.rows(i, 1).toArray();
          softmax(row);
          x.rows(i, 1).copyFrom(row, 0);
        });
  }

  @Override
  public double logOfSum(float[] values) {
    float max = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (float value : values) {
      sum += Math.exp((double) value - max);
    }
    return max + Math.log(sum);
  }

  static void softmax(float[] row) {
    float max = Float.NEGATIVE_INFINITY;
    for (float value : row) {
      max = Math.max(max, value);
    }
    var powers = new double[row.length];
    double sum = 0;
    for (int j = 0; j < row.length; j++) {
      powers[j] = Math.exp((double) row[j] - max);
      sum += powers[j];
    }
    for (int j = 0; j < row.length; j++) {
      row[j] = (float) (powers[j] / sum);
    }
  }

  @Override
  public void activate(Activation activation, Matrix x) {
    workers.run(
        x.rows(),
        i -> {
          var row = x.rows(i, 1).toArray();
          for (int j = 0; j < row.length; j++) {
            row[j] = activate(activation, row[j]);
          }
          x.rows(i, 1).copyFrom(row, 0);
        });
  }

  @Override
  public void gate(Activation activation, Matrix gate, Matrix y) {
    Operands.sameSize(gate, y);
    workers.run(
        y.rows(),
        i -> {
          var row = y.rows(i, 1).toArray();
          var gates = gate.rows(i, 1).toArray();
          for (int j = 0; j < row.length; j++) {
            row[j] = (float) (row[j] * activation.of(gates[j]));
          }
          y.rows(i, 1).copyFrom(row, 0);
        });
  }

  @Override
  public void rotate(Matrix x, RotaryTable table, int[] positions) {
    table.check(x, positions);
    workers.run(
        x.rows(),
        i -> {
          var row = x.rows(i, 1).toArray();
          var cosines = table.cosines().rows(positions[i], 1).toArray();
          var sines = table.sines().rows(positions[i], 1).toArray();
          for (int head = 0; head < row.length; head += table.headSize()) {
            for (int j = 0; j < cosines.length; j++) {
              int first = head + j * table.step();
              int second = first + table.distance();
              double a = row[first];
              double b = row[second];
              row[first] = (float) (a * cosines[j] - b * sines[j]);
              row[second] = (float) (b * cosines[j] + a * sines[j]);
            }
          }
          x.rows(i, 1).copyFrom(row, 0);
        });
  }

  public static float activate(Activation activation, float value) {
    return (float) activation.of(value);
  }

  /**
   * The error function to double precision: its Maclaurin series near zero, and for larger numbers
   * the continued fraction of {@code erfc} (Abramowitz and Stegun 7.1.5 and 7.1.14).
   */
  public static double erf(double x) {
    double a = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    }
    if (a > 6) {
      return Math.signum(x);
    }
    if (a < 2.5) {
      double term = x;
      double sum = x;
      for (int n = 1; n < 80; n++) {
        term *= -x * x / n;
        sum += term / (2 * n + 1);
      }
      return 2 / Math.sqrt(Math.PI) * sum;
    }
    double fraction = a;
    for (int n = 60; n > 0; n--) {
      fraction = a + n / 2.0 / fraction;
    }
    return Math.signum(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / fraction);
  }

  @Override
  public void add(Matrix x, Matrix y) {
    Operands.sameSize(x, y);
    workers.run(y.rows(), i -> addRow(x.rows(i, 1).toArray(), y.rows(i, 1)));
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix y) {
    Operands.gather(table, ids, y);
    workers.run(y.rows(), i -> y.rows(i, 1).copyFrom(table.rows(ids[i], 1)));
  }

  @Override
  public void addGathered(Matrix table, int[] ids, Matrix y) {
    Operands.gather(table, ids, y);
    workers.run(y.rows(), i -> addRow(table.rows(ids[i], 1).toArray(), y.rows(i, 1)));
  }

  private static void addRow(float[] values, Matrix row) {
    var sum = row.toArray();
    for (int j = 0; j < sum.length; j++) {
      sum[j] += values[j];
    }
    row.copyFrom(sum, 0);
  }
}
