package io.lanewise.kernel.openblas;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Rowwise;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.openblas.OpenBlas;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * {@link Gemm} by OpenBLAS, on off-heap weights in unpacked rows. The outputs are divided into
 * blocks of a fixed width. Each block is one call of OpenBLAS, which uses one thread; the calls are
 * divided among our own threads.
 *
 * <p>The number of threads never changes a bit. The other rows of a batch may change the last bits:
 * OpenBLAS has different kernels for few rows and for many.
 */
public final class BlasGemm implements Gemm {
  private static final Layout LAYOUT = new Layout.InRows(Precision.FLOAT32);

  /** Outputs of one call. */
  private static final int BLOCK = 192;

  /** Rows of one call. */
  private static final int ROWS = 1024;

  private final Workers workers;
  private final Rowwise rowwise;

  /**
   * Loads OpenBLAS.
   *
   * @param rowwise applies the activations
   * @throws io.lanewise.BackendException if OpenBLAS cannot be found or loaded
   */
  public BlasGemm(Workers workers, Rowwise rowwise) {
    OpenBlasLibrary.load();
    this.workers = workers;
    this.rowwise = rowwise;
  }

  @Override
  public Packed pack(List<Matrix> weights, List<MemorySegment> biases, Region region) {
    var rows = StackedRows.of(weights);
    var plain = region.matrix(rows.size(), rows.columns());
    int row = 0;
    for (var weight : weights) {
      plain.rows(row, weight.rows()).copyFrom(weight);
      row += weight.rows();
    }
    var bias = region.floats(rows.size());
    rows.copyBiases(biases, bias);
    return new Packed(rows.size(), rows.columns(), LAYOUT, plain.data(), MemorySegment.NULL, bias);
  }

  @Override
  public void apply(Matrix x, Packed packed, Activation activation, Matrix y) {
    packed.check(x, y, LAYOUT);
    var weights = Matrix.of(packed.weights(), packed.outputs(), packed.inputs());
    multiply(x, weights, packed.bias(), y);
    activate(activation, y);
  }

  /**
   * The same with weights that are not packed: the rows of several matrices, in place.
   *
   * @param biases one for each matrix, or an empty list
   */
  public void apply(
      Matrix x, StackedRows weights, List<MemorySegment> biases, Activation activation, Matrix y) {
    int column = 0;
    for (int i = 0; i < weights.matrices().size(); i++) {
      var matrix = weights.matrices().get(i);
      var bias = biases.isEmpty() ? null : biases.get(i);
      multiply(x, matrix, bias, y.columns(column, matrix.rows()));
      column += matrix.rows();
    }
    activate(activation, y);
  }

  private void activate(Activation activation, Matrix y) {
    if (activation != Activation.IDENTITY) {
      rowwise.activate(activation, y);
    }
  }

  /** {@code y = x · weightsᵀ + bias}; the bias is null for none. */
  private void multiply(Matrix x, Matrix weights, MemorySegment bias, Matrix y) {
    if (x.rows() == 0) {
      return;
    }
    int blocks = Math.ceilDiv(y.columns(), BLOCK);
    int parts = Math.ceilDiv(x.rows(), ROWS);
    workers.run(
        blocks * parts,
        i -> {
          int from = i % blocks * BLOCK;
          int outputs = Math.min(BLOCK, y.columns() - from);
          int row = i / blocks * ROWS;
          int rows = Math.min(ROWS, x.rows() - row);
          var out = y.rows(row, rows).columns(from, outputs); // [rows, outputs]
          fill(out, bias, from);
          multiply(x.rows(row, rows), weights.rows(from, outputs), out);
        });
  }

  /**
   * Writes the bias to each row first: OpenBLAS adds to it, so the bias needs no pass of its own.
   */
  private static void fill(Matrix out, MemorySegment bias, int from) {
    long at = (long) from * Float.BYTES;
    long bytes = (long) out.columns() * Float.BYTES;
    for (int i = 0; i < out.rows(); i++) {
      if (bias == null) {
        out.data().asSlice(out.offset(i), bytes).fill((byte) 0);
      } else {
        MemorySegment.copy(bias, at, out.data(), out.offset(i), bytes);
      }
    }
  }

  /** {@code out += x · wᵀ}. */
  private static void multiply(Matrix x, Matrix w, Matrix out) {
    if (x.rows() == 1) {
      // for one row, sgemm would copy all the weights
      OpenBlas.cblas_sgemv(
          OpenBlas.CblasRowMajor(),
          OpenBlas.CblasNoTrans(),
          w.rows(),
          w.columns(),
          1,
          w.data(),
          w.stride(),
          x.data(),
          1,
          1,
          out.data(),
          1);
      return;
    }
    OpenBlas.cblas_sgemm(
        OpenBlas.CblasRowMajor(),
        OpenBlas.CblasNoTrans(),
        OpenBlas.CblasTrans(),
        out.rows(),
        out.columns(),
        x.columns(),
        1,
        x.data(),
        x.stride(),
        w.data(),
        w.stride(),
        1,
        out.data(),
        out.stride());
  }
}
