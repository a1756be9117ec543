package io.lanewise.kernel.onednn;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm.Packed;

/**
 * How a product is divided: each task is a part of the rows and a group of slices of outputs.
 *
 * @param part rows of a part; the last one may have fewer
 * @param inputs of a row, with the zeros that pad it
 * @param width outputs of a slice; the last one may have fewer
 * @param group slices of a task; the last one may have fewer
 */
record ProductTasks(
    int rows,
    int part,
    int inputs,
    int width,
    int slices,
    int group,
    Packed packed,
    Activation activation) {
  /**
   * A slice of outputs for some rows.
   *
   * @param width outputs of a slice
   * @param from the first row
   */
  record Task(
      int inputs, int slice, int width, int from, int rows, Packed packed, Activation activation) {
    int column() {
      return slice * width;
    }

    int outputs() {
      return Math.min(width, packed.outputs() - column());
    }

    long columnAt() {
      return (long) column() * Float.BYTES;
    }
  }

  private int parts() {
    return Math.ceilDiv(rows, part);
  }

  /** The number of tasks. */
  int count() {
    return Math.ceilDiv(slices, group) * parts();
  }

  /** The first slice of a task. */
  int firstSlice(int index) {
    return index / parts() * group;
  }

  /** The slice behind the last one of a task. */
  int endOfSlices(int index) {
    return Math.min(firstSlice(index) + group, slices);
  }

  /** One of the slices of a task. */
  Task task(int index, int slice) {
    int from = index % parts() * part;
    return new Task(inputs, slice, width, from, Math.min(part, rows - from), packed, activation);
  }

  /** Whether no product has more rows than its part. */
  boolean haveWholeProducts(OneDnnKernels kernels) {
    int last = packed.outputs() - (slices - 1) * width;
    return isWhole(kernels.plan(inputs, last))
        && (slices == 1 || isWhole(kernels.plan(inputs, width)));
  }

  private boolean isWhole(OneDnnPlan plan) {
    int last = (rows - 1) % part + 1;
    return plan.nextRows(last) <= last && (rows <= part || plan.nextRows(part) <= part);
  }
}
