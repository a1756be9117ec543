package io.lanewise.kernel.scalar;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.BrainFloat;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.SymmetricInt8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The reference implementation of {@link Gemm}: weights in unpacked rows, sums in double precision.
 * Weights of fewer bits are rounded at packing, and multiplied exactly.
 */
public record ScalarGemm(Workers workers, Precision precision) implements Gemm {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** For weights in fp32. */
  public ScalarGemm(Workers workers) {
    this(workers, Precision.FLOAT32);
  }

  @Override
  public Packed pack(List<Matrix> weights, List<MemorySegment> biases, Region region) {
    var all = StackedRows.of(weights);
    var rows = region.matrix(all.size(), all.columns());
    var scales =
        precision == Precision.INT8 ? region.floats(all.size()) : MemorySegment.NULL; // [outputs]
    var row = new float[all.columns()];
    for (int i = 0; i < all.size(); i++) {
      all.copy(i, 0, row.length, row, 0);
      switch (precision) {
        case FLOAT32 -> {}
        case BFLOAT16 -> roundToBrainFloats(row);
        case INT8 -> scales.setAtIndex(FLOAT, i, roundToInt8(row));
      }
      rows.rows(i, 1).copyFrom(row, 0);
    }
    var bias = region.floats(all.size());
    all.copyBiases(biases, bias);
    return new Packed(all.size(), all.columns(), layout(), rows.data(), scales, bias);
  }

  private Layout layout() {
    return new Layout.InRows(precision);
  }

  private static void roundToBrainFloats(float[] row) {
    for (int k = 0; k < row.length; k++) {
      row[k] = BrainFloat.widen(BrainFloat.round(row[k]));
    }
  }

  /** Replaces the weights by whole numbers, and returns their scale. */
  private static float roundToInt8(float[] row) {
    float scale = SymmetricInt8.scale(row, 0, row.length);
    for (int k = 0; k < row.length; k++) {
      row[k] = SymmetricInt8.round(row[k], scale);
    }
    return scale;
  }

  @Override
  public void apply(Matrix x, Packed packed, Activation activation, Matrix y) {
    packed.check(x, y, layout());
    var weights = Matrix.of(packed.weights(), packed.outputs(), packed.inputs()).toArray();
    var scales = packed.scales().toArray(FLOAT);
    var bias = packed.bias().toArray(FLOAT);
    int inputs = packed.inputs();
    workers.run(
        x.rows(),
        i -> {
          var in = x.rows(i, 1).toArray();
          var out = new float[packed.outputs()];
          for (int j = 0; j < out.length; j++) {
            double sum = 0;
            for (int k = 0; k < inputs; k++) {
              sum += (double) in[k] * weights[j * inputs + k];
            }
            double scaled = scales.length == 0 ? sum : sum * scales[j];
            out[j] = ScalarRowwise.activate(activation, (float) (scaled + bias[j]));
          }
          y.rows(i, 1).copyFrom(out, 0);
        });
  }
}
