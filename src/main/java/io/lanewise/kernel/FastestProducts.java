package io.lanewise.kernel;

import io.lanewise.kernel.onednn.OneDnnLibrary;
import io.lanewise.memory.NativeImage;
import java.util.List;

/**
 * Which kernels multiply matrices fastest here: what {@link Backend.Choice#AUTO} takes.
 *
 * <p>bf16 and int8: oneDNN wherever the processor has instructions for them, because Java has none.
 * fp32: oneDNN on x86-64. Time of BERT-base over ONNX Runtime's in the same run, two threads, by
 * the vector kernels and by oneDNN:
 *
 * <table>
 * <caption>fp32</caption>
 * <tr><th></th><th>1×16</th><th>1×19</th><th>1×128</th><th>1×384</th><th>8×128</th></tr>
 * <tr><td>Zen 5, AVX-512</td><td>0.88, 0.74</td><td>0.85, 0.76</td><td>1.04, 0.91</td>
 *     <td>1.05, 1.04</td><td>0.97, 0.94</td></tr>
 * <tr><td>Zen 3, AVX2</td><td>1.28 to 1.45, 1.45</td><td></td><td>1.34 to 1.41, 1.20</td>
 *     <td></td><td>1.23 to 1.31, 1.05</td></tr>
 * </table>
 *
 * <p>Layers with fewer than 384 inputs or outputs stay with the vector kernels: a call of oneDNN
 * takes as long as their products of few rows, and loading it takes longer than a first answer.
 *
 * <p>OpenBLAS packs its weights in every call and is slower than oneDNN at each of these sizes. In
 * a native image a call of a library costs a hundred times as much, and it was not measured there.
 * On ARM oneDNN has no compiled kernels for these products.
 */
final class FastestProducts {
  private FastestProducts() {}

  /**
   * Chooses, where the vector kernels work. For fp32 nothing is loaded yet: where oneDNN cannot be
   * loaded later, the vector kernels are used.
   *
   * @param reasons gets why oneDNN is used, or why it is not
   */
  static Backend.Choice of(Precision precision, List<String> reasons) {
    if (precision == Precision.FLOAT32) {
      return ofFloats(reasons);
    }
    var refusal = OneDnnLibrary.refusal(precision);
    if (refusal.isEmpty()) {
      reasons.add(OneDnnLibrary.load().describe(precision) + ": the fastest for these");
      return Backend.Choice.ONEDNN;
    }
    reasons.add("no oneDNN: " + refusal.get());
    return Backend.Choice.VECTOR;
  }

  private static Backend.Choice ofFloats(List<String> reasons) {
    if (NativeImage.isHere() || Processor.here() != Processor.X86_64) {
      return Backend.Choice.VECTOR;
    }
    reasons.add(
        "matrix products of large layers by oneDNN if it is here: faster than the vector kernels on"
            + " "
            + Processor.X86_64.label());
    return Backend.Choice.ONEDNN;
  }
}
