package io.lanewise.kernel;

import io.lanewise.BackendException;
import io.lanewise.tensor.Matrix;
import io.lanewise.tensor.Region;
import io.lanewise.tensor.SymmetricInt8;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * {@link Gemm} by oneDNN: both factors are narrowed, their products are summed up in 32 bits, and
 * what comes out are floats again.
 *
 * <ul>
 *   <li>fp32: nothing is narrowed.
 *   <li>bf16: weights and inputs are rounded, sums are floats.
 *   <li>int8: weights have a scale for each output, made at packing ({@link SymmetricInt8}); each
 *       row of inputs has its own, {@code max |x| / 127}, made at every call. Sums of the products
 *       are exact.
 * </ul>
 *
 * <p>A single row gains nothing by narrow arithmetic, for it waits for the weights: those of {@link
 * #forFewRows} are held narrow by the vector kernels, which bring them faster from memory, and
 * computed in fp32.
 *
 * <p>The outputs are cut into slices of a fixed width and the rows into parts; a task is one of
 * each, a product that runs in the thread that has the task. Products exist for powers of two of
 * rows only, and larger parts are made of several.
 */
public final class OneDnnGemm implements Gemm {
  /** Outputs of a slice: the registers of oneDNN's kernels hold 64 columns or fewer. */
  private static final int SLICE = 128;

  /** The most rows of a task. */
  private static final int ROWS = 128;

  /** Tasks of fewer rows than this run below the full speed. */
  private static final int FEWEST_ROWS = 32;

  /** Bytes of narrowed inputs at a time: they and a slice of weights stay in the caches. */
  private static final long PASS = 4 << 20;

  /** Narrowing fewer numbers than this is not worth a second thread. */
  private static final int NARROWING = 1 << 14;

  /** Multiply-adds that are worth a task of their own: a few microseconds. */
  private static final long TASK = 400_000;

  private final Workers workers;
  private final Layout.InSlices layout;
  private final OneDnnKernels kernels;
  private final ScratchMemory narrowed;
  private final ScratchArrays scales;
  private final ScratchArrays rowArrays;
  private final ScratchMemory singleRows;
  private final VectorGemm fewRows;

  /**
   * Loads oneDNN.
   *
   * @throws BackendException if oneDNN cannot be found or loaded, or the processor has no
   *     instructions for numbers of this precision
   */
  public OneDnnGemm(Workers workers, Precision precision) {
    OneDnnLibrary.load();
    OneDnnLibrary.refusal(precision)
        .ifPresent(
            refusal -> {
              throw new BackendException("no matrix products by oneDNN: " + refusal);
            });
    this.workers = workers;
    this.layout = new Layout.InSlices(precision, SLICE);
    this.kernels = new OneDnnKernels(precision);
    this.narrowed = new ScratchMemory(4);
    this.scales = new ScratchArrays(4);
    this.rowArrays = new ScratchArrays(4 * workers.threads());
    this.singleRows = new ScratchMemory(4 * workers.threads());
    this.fewRows = new VectorGemm(workers, precision);
  }

  /** What the products are computed in. */
  Precision precision() {
    return layout.precision();
  }

  @Override
  public Packed pack(List<Matrix> weights, List<MemorySegment> biases, Region region) {
    return SlicePacking.pack(kernels, layout, weights, biases, region, workers);
  }

  @Override
  public Packed part(Packed packed, int from, int outputs) {
    if (!(packed.layout() instanceof Layout.InSlices)) {
      return Gemm.super.part(packed, from, outputs);
    }
    int inputs = InterleavedRows.width(layout.precision(), packed.inputs());
    return packed.outputs() <= SLICE
        ? null
        : packed.part(from, outputs, SLICE, SlicePacking.sliceBytes(kernels, inputs, SLICE));
  }

  @Override
  public Gemm forFewRows() {
    return fewRows;
  }

  @Override
  public void apply(Matrix x, Packed packed, Activation activation, Matrix y) {
    if (packed.layout() instanceof Layout.InPanels) {
      fewRows.apply(x, packed, activation, y);
      return;
    }
    packed.check(x, y, layout);
    long rowBytes = InterleavedRows.bytes(layout.precision(), x.columns());
    int most = (int) Math.max(PASS / rowBytes / ROWS * ROWS, ROWS);
    for (int from = 0; from < x.rows(); from += most) {
      int rows = Math.min(most, x.rows() - from);
      applyPass(x.rows(from, rows), rowBytes, packed, activation, y.rows(from, rows));
    }
  }

  private void applyPass(Matrix x, long rowBytes, Packed packed, Activation activation, Matrix y) {
    // one row more: a single row is multiplied together with whatever lies behind it
    var memory = narrowed.borrow(rowBytes * (x.rows() + 1L));
    var rowScales = scales.borrow(x.rows());
    try {
      narrow(x, memory, rowBytes, rowScales);
      multiply(memory, rowBytes, rowScales, packed, activation, y);
    } finally {
      scales.giveBack(rowScales);
      narrowed.giveBack(memory);
    }
  }

  private void narrow(Matrix x, MemorySegment out, long rowBytes, float[] rowScales) {
    int part = Math.ceilDiv(NARROWING, x.columns());
    workers.run(
        Math.ceilDiv(x.rows(), part),
        i -> {
          var tail = rowArrays.borrow(SLICE);
          for (int row = i * part; row < Math.min((i + 1) * part, x.rows()); row++) {
            switch (layout.precision()) {
              case FLOAT32 -> InterleavedRows.copy(x, row, out, row * rowBytes, tail);
              case BFLOAT16 -> InterleavedRows.toBrainFloats(x, row, out, row * rowBytes, tail);
              case INT8 ->
                  rowScales[row] = InterleavedRows.toInt8(x, row, out, row * rowBytes, tail);
            }
          }
          rowArrays.giveBack(tail);
        });
  }

  private void multiply(
      MemorySegment x,
      long rowBytes,
      float[] rowScales,
      Packed packed,
      Activation activation,
      Matrix y) {
    int slices = Math.ceilDiv(packed.outputs(), SLICE);
    int inputs = InterleavedRows.width(layout.precision(), packed.inputs());
    long sliceBytes = slices == 1 ? 0 : SlicePacking.sliceBytes(kernels, inputs, SLICE);
    long cost = (long) Math.max(y.rows(), 4) * inputs * SLICE;
    int group = Math.clamp(TASK / cost, 1, slices);
    int groups = Math.ceilDiv(slices, group);
    int part = partOfRows(y.rows(), groups);
    int parts = Math.ceilDiv(y.rows(), part);
    workers.run(
        groups * parts,
        i -> {
          int from = i % parts * part;
          int rows = Math.min(part, y.rows() - from);
          int firstSlice = i / parts * group;
          for (int slice = firstSlice; slice < Math.min(firstSlice + group, slices); slice++) {
            var task = new Task(inputs, slice, from, rows, packed, activation);
            multiplySlice(task, x, rowBytes, slice * sliceBytes, rowScales, y);
          }
        });
  }

  /** Rows of a task: fewer where there would not be enough tasks to share out evenly. */
  private int partOfRows(int rows, int groups) {
    int part = ROWS;
    while (part > FEWEST_ROWS
        && workers.threads() > 1
        && groups * Math.ceilDiv(rows, part) < 6 * workers.threads()) {
      part /= 2;
    }
    return part;
  }

  /** A slice of outputs for some rows. */
  private record Task(
      int inputs, int slice, int from, int rows, Packed packed, Activation activation) {
    int column() {
      return slice * SLICE;
    }

    int outputs() {
      return Math.min(SLICE, packed.outputs() - column());
    }

    long columnAt() {
      return (long) column() * Float.BYTES;
    }
  }

  private void multiplySlice(
      Task task, MemorySegment x, long rowBytes, long weightsAt, float[] rowScales, Matrix y) {
    var weights = task.packed.weights().asSlice(weightsAt);
    var bias = task.packed.bias().asSlice(task.columnAt());
    if (task.rows == 1) {
      multiplySingleRow(task, x.asSlice(task.from * rowBytes), weights, bias, rowScales, y);
      return;
    }
    for (int done = 0; done < task.rows; ) {
      int rows = Math.clamp(Integer.highestOneBit(task.rows - done), 2, ROWS);
      int row = task.from + Math.min(done, task.rows - rows);
      kernels
          .product(rows, task.inputs, task.outputs(), y.stride())
          .run(x.asSlice(row * rowBytes), weights, bias, y.data().asSlice(at(y, row, task)));
      done += rows;
    }
    if (layout.precision() == Precision.INT8 || task.activation != Activation.IDENTITY) {
      finishRows(task, rowScales, y);
    }
  }

  private void finishRows(Task task, float[] rowScales, Matrix y) {
    var out = rowArrays.borrow(SLICE);
    boolean inPlace = task.activation == Activation.IDENTITY && SliceOutput.isWhole(task.outputs());
    for (int row = task.from; row < task.from + task.rows; row++) {
      if (inPlace) {
        SliceOutput.scaleInPlace(
            y.data(),
            at(y, row, task),
            task.outputs(),
            rowScales[row],
            task.packed.scales(),
            task.packed.bias(),
            task.columnAt());
      } else {
        finish(task, y.data(), at(y, row, task), rowScales[row], out);
        SliceOutput.store(out, task.outputs(), y, row, task.column());
      }
    }
    rowArrays.giveBack(out);
  }

  /**
   * The kernels for one row may sum in another order than those for more, and then the bits of a
   * row would depend on the others: so it is multiplied as one of two.
   */
  private void multiplySingleRow(
      Task task,
      MemorySegment x,
      MemorySegment weights,
      MemorySegment bias,
      float[] rowScales,
      Matrix y) {
    var two = singleRows.borrow(2L * SLICE * Float.BYTES);
    var out = rowArrays.borrow(SLICE);
    kernels.product(2, task.inputs, task.outputs(), SLICE).run(x, weights, bias, two);
    finish(task, two, 0, rowScales[task.from], out);
    SliceOutput.store(out, task.outputs(), y, task.from, task.column());
    rowArrays.giveBack(out);
    singleRows.giveBack(two);
  }

  private void finish(Task task, MemorySegment from, long at, float rowScale, float[] out) {
    if (layout.precision() == Precision.INT8) {
      SliceOutput.scale(
          from,
          at,
          task.outputs(),
          rowScale,
          task.packed.scales(),
          task.packed.bias(),
          task.columnAt(),
          task.activation,
          out);
    } else {
      SliceOutput.activate(from, at, task.outputs(), task.activation, out);
    }
  }

  private static long at(Matrix y, int row, Task task) {
    return y.offset(row) + task.columnAt();
  }
}
