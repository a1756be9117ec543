package io.lanewise.kernel.onednn;

import io.lanewise.kernel.Precision;
import io.lanewise.kernel.packing.InterleavedRows;

/**
 * Prints which of oneDNN's implementations multiplies 1 to 40 rows by the weights of a layer, for
 * each precision that the processor has instructions for: {@code precision, rows, rows of the
 * product, implementation}. With {@code ONEDNN_MAX_CPU_ISA} it prints those of another processor.
 */
public final class OneDnnPlans {
  private static final int[][] LAYERS = {{768, 128}, {3072, 128}, {768, 2}, {384, 128}, {64, 64}};

  private OneDnnPlans() {}

  public static void main(String[] arguments) {
    var library = OneDnnLibrary.load();
    System.out.println("# " + library.instructionSet());
    for (var precision : Precision.values()) {
      var refusal = OneDnnLibrary.refusal(precision);
      if (refusal.isPresent()) {
        System.out.println(precision + "\trefused\t" + refusal.get());
        continue;
      }
      var kernels = new OneDnnKernels(precision);
      for (var layer : LAYERS) {
        print(precision, kernels, layer[0], layer[1]);
      }
    }
  }

  private static void print(Precision precision, OneDnnKernels kernels, int inputs, int outputs) {
    int width = InterleavedRows.width(precision, inputs);
    var plan = kernels.plan(width, outputs);
    if (!plan.isCompiled()) {
      System.out.println(precision + "\tvector kernels\t" + plan.implementation());
      return;
    }
    for (int rows = 1; rows <= 40; rows++) {
      int together = plan.nextRows(rows);
      var product = kernels.product(together, width, outputs, outputs);
      System.out.println(
          String.join(
              "\t",
              precision.toString(),
              inputs + "x" + outputs,
              Integer.toString(rows),
              Integer.toString(together),
              product.implementation()));
    }
  }
}
