package io.lanewise.kernel.coldstart;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.RotaryTable;
import io.lanewise.kernel.Rowwise;
import io.lanewise.kernel.vector.VectorRowwise;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;

/** {@link VectorRowwise}, replaced during the first calls of a process; see {@link ColdStart}. */
public final class ColdStartRowwise implements Rowwise {
  private final ColdStart start;
  private final VectorRowwise vector;

  public ColdStartRowwise(ColdStart start, VectorRowwise vector) {
    this.start = start;
    this.vector = vector;
  }

  private Rowwise chosen() {
    var first = start.rowwise();
    return first != null ? first : vector;
  }

  @Override
  public void layerNorm(Matrix x, MemorySegment gain, MemorySegment bias, float epsilon, Matrix y) {
    chosen().layerNorm(x, gain, bias, epsilon, y);
  }

  @Override
  public void addLayerNorm(
      Matrix x, Matrix residual, MemorySegment gain, MemorySegment bias, float epsilon, Matrix y) {
    chosen().addLayerNorm(x, residual, gain, bias, epsilon, y);
  }

  @Override
  public void rmsNorm(Matrix x, MemorySegment gain, float epsilon, Matrix y) {
    chosen().rmsNorm(x, gain, epsilon, y);
  }

  @Override
  public void softmax(Matrix x) {
    chosen().softmax(x);
  }

  @Override
  public double logOfSum(float[] values) {
    return chosen().logOfSum(values);
  }

  @Override
  public void activate(Activation activation, Matrix x) {
    chosen().activate(activation, x);
  }

  @Override
  public void gate(Activation activation, Matrix gate, Matrix y) {
    chosen().gate(activation, gate, y);
  }

  @Override
  public void rotate(Matrix x, RotaryTable table, int[] positions) {
    chosen().rotate(x, table, positions);
  }

  @Override
  public void add(Matrix x, Matrix y) {
    chosen().add(x, y);
  }

  @Override
  public void gather(Matrix table, int[] ids, Matrix y) {
    chosen().gather(table, ids, y);
  }

  @Override
  public void addGathered(Matrix table, int[] ids, Matrix y) {
    chosen().addGathered(table, ids, y);
  }
}
