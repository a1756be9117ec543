package io.lanewise.kernel;

import io.lanewise.tensor.Matrix;
import io.lanewise.tensor.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The specification of {@link Gemm}: plain rows, sums in double precision. */
public record ScalarGemm(Workers workers) implements Gemm {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  @Override
  public Packed pack(List<Matrix> weights, List<MemorySegment> biases, Region region) {
    var all = PlainRows.of(weights);
    var rows = region.matrix(all.size(), all.columns());
    int row = 0;
    for (var weight : weights) {
      rows.rows(row, weight.rows()).copyFrom(weight);
      row += weight.rows();
    }
    var bias = region.floats(all.size());
    all.copyBiases(biases, bias);
    return new Packed(all.size(), all.columns(), 0, rows.data(), bias);
  }

  @Override
  public void apply(Matrix x, Packed packed, Activation activation, Matrix y) {
    packed.check(x, y, 0);
    var weights = Matrix.of(packed.weights(), packed.outputs(), packed.inputs()).toArray();
    var bias = packed.bias().toArray(FLOAT);
    int inputs = packed.inputs();
    workers.run(
        x.rows(),
        i -> {
          var in = x.rows(i, 1).toArray();
          var out = new float[packed.outputs()];
          for (int j = 0; j < out.length; j++) {
            double sum = bias[j];
            for (int k = 0; k < inputs; k++) {
              sum += (double) in[k] * weights[j * inputs + k];
            }
            out[j] = ScalarRowwise.activate(activation, (float) sum);
          }
          y.rows(i, 1).copyFrom(out, 0);
        });
  }
}
