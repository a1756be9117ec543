package io.lanewise.kernel.onednn;

import io.lanewise.BackendException;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.ScratchArrays;
import io.lanewise.kernel.ScratchMemory;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.packing.InterleavedRows;
import io.lanewise.kernel.vector.VectorGemm;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.SymmetricInt8;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Gemm} by oneDNN: both factors are narrowed, sums have 32 bits, and results are floats.
 *
 * <ul>
 *   <li>fp32: nothing is narrowed.
 *   <li>bf16: weights and inputs are rounded, sums are floats.
 *   <li>int8: weights have a scale for each output, made at packing ({@link SymmetricInt8}); each
 *       row of inputs has its own, {@code max |x| / 127}, made at every call. Sums of the products
 *       are exact.
 * </ul>
 *
 * <p>A single row gains nothing by narrow arithmetic: its time is that of reading the weights.
 * Weights packed with {@link #forFewRows} are therefore stored narrow in the layout of the vector
 * kernels, which read them faster, and computed in fp32.
 *
 * <p>The outputs are cut into slices of one width ({@link SliceWidth}) and the rows into parts; a
 * task is one of each, a product that runs in the thread that has the task. Products exist for some
 * numbers of rows only ({@link OneDnnPlan}), so the last one of a part may take rows of the one
 * before once more, and where a part has fewer rows than its first product, those behind it too.
 *
 * <p>Weights of a size for which oneDNN has no compiled kernel also use the vector kernels.
 */
public final class OneDnnGemm implements Gemm {
  /** The most rows of a task. */
  private static final int ROWS = OneDnnPlan.ROWS;

  /** Inputs of a common layer, for which the first plan is made. */
  private static final int TYPICAL_INPUTS = 768;

  /** Bytes of narrowed inputs at a time: together with a slice of weights they fit the caches. */
  private static final long PASS = 4 << 20;

  /** Narrowing fewer numbers than this is not worth a second thread. */
  private static final int NARROWING = 1 << 14;

  private static final float[] NO_SCALES = {};

  /** The fewest multiply-adds of a task: a few microseconds. */
  private static final long TASK = 400_000;

  private final Workers workers;
  private final Precision precision;
  private final OneDnnKernels kernels;
  private final ScratchMemory narrowed;
  private final ScratchArrays scales;
  private final ScratchArrays rowArrays;
  private final ScratchMemory moreRowsMemory;
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
    this.precision = precision;
    this.kernels = new OneDnnKernels(precision);
    var typical = kernels.plan(TYPICAL_INPUTS, SliceWidth.LEAST);
    if (!typical.isCompiled()) {
      throw new BackendException(
          "no matrix products by oneDNN: for %s it has nothing but its reference code here (%s)"
              .formatted(precision.label(), typical.implementation()));
    }
    this.narrowed = new ScratchMemory(4);
    this.scales = new ScratchArrays(4);
    this.rowArrays = new ScratchArrays(4 * workers.threads());
    this.moreRowsMemory = new ScratchMemory(4 * workers.threads());
    this.fewRows = new VectorGemm(workers, precision);
  }

  /** The precision of the products. */
  public Precision precision() {
    return precision;
  }

  @Override
  public Packed pack(List<Matrix> weights, List<MemorySegment> biases, Region region) {
    return pack(weights, biases, region, workers);
  }

  /** The same on other threads. */
  public Packed pack(
      List<Matrix> weights, List<MemorySegment> biases, Region region, Workers packers) {
    var rows = StackedRows.of(weights);
    int width = SliceWidth.of(weights.getFirst().rows(), workers.threads());
    return areCompiled(rows.size(), rows.columns(), width)
        ? SlicePacking.pack(
            kernels, new Layout.InSlices(precision, width), weights, biases, region, packers)
        : fewRows.pack(weights, biases, region, packers);
  }

  @Override
  public @Nullable Packed part(Packed packed, int from, int outputs) {
    if (!(packed.layout() instanceof Layout.InSlices(_, var width))) {
      return Gemm.super.part(packed, from, outputs);
    }
    int inputs = InterleavedRows.width(precision, packed.inputs());
    return packed.outputs() <= width
        ? null
        : packed.part(from, outputs, width, SlicePacking.sliceBytes(kernels, inputs, width));
  }

  /** Whether there are products with every slice of these weights. */
  private boolean areCompiled(int outputs, int inputs, int width) {
    int depth = InterleavedRows.width(precision, inputs);
    int last = (outputs - 1) % width + 1;
    return kernels.plan(depth, last).isCompiled()
        && (outputs <= width || kernels.plan(depth, width).isCompiled());
  }

  @Override
  public Gemm forFewRows() {
    return fewRows;
  }

  @Override
  public void apply(Matrix x, Packed packed, Activation activation, Matrix y) {
    if (!(packed.layout() instanceof Layout.InSlices(_, var width))) {
      fewRows.apply(x, packed, activation, y);
      return;
    }
    packed.check(x, y, new Layout.InSlices(precision, width));
    long rowBytes = InterleavedRows.bytes(precision, x.columns());
    int most = (int) Math.max(PASS / rowBytes / ROWS * ROWS, ROWS);
    for (int from = 0; from < x.rows(); from += most) {
      int rows = Math.min(most, x.rows() - from);
      applyPass(x.rows(from, rows), rowBytes, packed, width, activation, y.rows(from, rows));
    }
  }

  private void applyPass(
      Matrix x, long rowBytes, Packed packed, int width, Activation activation, Matrix y) {
    var tasks = tasks(x.rows(), packed, width, activation);
    if (isRead(x, rowBytes, tasks)) {
      multiply(x.data().asSlice(x.offset(0)), rowBytes, NO_SCALES, tasks, y);
      return;
    }
    // a product may have more rows than there are
    var memory = narrowed.borrow(rowBytes * (x.rows() + ROWS - 1L));
    var rowScales = scales.borrow(x.rows());
    try {
      narrow(x, memory, rowBytes, rowScales);
      multiply(memory, rowBytes, rowScales, tasks, y);
    } finally {
      scales.giveBack(rowScales);
      narrowed.giveBack(memory);
    }
  }

  /**
   * Whether the products can read the rows where they are: floats without gaps, and no product has
   * more rows than there are.
   */
  private boolean isRead(Matrix x, long rowBytes, ProductTasks tasks) {
    return precision == Precision.FLOAT32
        && x.isContiguous()
        && rowBytes == (long) x.columns() * Float.BYTES
        && tasks.haveWholeProducts(kernels);
  }

  private void narrow(Matrix x, MemorySegment out, long rowBytes, float[] rowScales) {
    int part = Math.ceilDiv(NARROWING, x.columns());
    workers.run(
        Math.ceilDiv(x.rows(), part),
        i -> {
          var tail = rowArrays.borrow(SliceWidth.LEAST);
          for (int row = i * part; row < Math.min((i + 1) * part, x.rows()); row++) {
            switch (precision) {
              case FLOAT32 -> InterleavedRows.copy(x, row, out, row * rowBytes, tail);
              case BFLOAT16 -> InterleavedRows.toBrainFloats(x, row, out, row * rowBytes, tail);
              case INT8 ->
                  rowScales[row] = InterleavedRows.toInt8(x, row, out, row * rowBytes, tail);
            }
          }
          rowArrays.giveBack(tail);
        });
  }

  private ProductTasks tasks(int rows, Packed packed, int width, Activation activation) {
    int slices = Math.ceilDiv(packed.outputs(), width);
    int inputs = InterleavedRows.width(precision, packed.inputs());
    long cost = (long) Math.max(rows, 4) * inputs * width;
    int group = Math.clamp(TASK / cost, 1, slices);
    int part = RowParts.of(rows, Math.ceilDiv(slices, group), workers.threads());
    return new ProductTasks(rows, part, inputs, width, slices, group, packed, activation);
  }

  private void multiply(
      MemorySegment x, long rowBytes, float[] rowScales, ProductTasks tasks, Matrix y) {
    long sliceBytes =
        tasks.slices() == 1 ? 0 : SlicePacking.sliceBytes(kernels, tasks.inputs(), tasks.width());
    workers.run(
        tasks.count(),
        i -> {
          for (int slice = tasks.firstSlice(i); slice < tasks.endOfSlices(i); slice++) {
            multiplySlice(tasks.task(i, slice), x, rowBytes, slice * sliceBytes, rowScales, y);
          }
        });
  }

  private void multiplySlice(
      ProductTasks.Task task,
      MemorySegment x,
      long rowBytes,
      long weightsAt,
      float[] rowScales,
      Matrix y) {
    var weights = task.packed().weights().asSlice(weightsAt);
    var bias = task.packed().bias().asSlice(task.columnAt());
    var plan = kernels.plan(task.inputs(), task.outputs());
    int first = plan.nextRows(task.rows());
    if (task.rows() < first) {
      multiplyAsMore(task, first, x.asSlice(task.from() * rowBytes), weights, bias, rowScales, y);
      return;
    }
    for (int done = 0; done < task.rows(); ) {
      int rows = plan.nextRows(task.rows() - done);
      int row = task.from() + Math.min(done, task.rows() - rows);
      kernels
          .product(rows, task.inputs(), task.outputs(), y.stride())
          .run(x.asSlice(row * rowBytes), weights, bias, y.data().asSlice(at(y, row, task)));
      done += rows;
    }
    if (precision == Precision.INT8 || task.activation() != Activation.IDENTITY) {
      finishRows(task, rowScales, y);
    }
  }

  private void finishRows(ProductTasks.Task task, float[] rowScales, Matrix y) {
    var out = rowArrays.borrow(task.width());
    boolean inPlace =
        task.activation() == Activation.IDENTITY && SliceOutput.isWhole(task.outputs());
    for (int row = task.from(); row < task.from() + task.rows(); row++) {
      if (inPlace) {
        SliceOutput.scaleInPlace(
            y.data(),
            at(y, row, task),
            task.outputs(),
            rowScales[row],
            task.packed().scales(),
            task.packed().bias(),
            task.columnAt());
      } else {
        finish(task, y.data(), at(y, row, task), scale(rowScales, row), out);
        SliceOutput.store(out, task.outputs(), y, row, task.column());
      }
    }
    rowArrays.giveBack(out);
  }

  /**
   * Rows that are multiplied as the first of {@code rows}; the results of the others are unused.
   */
  private void multiplyAsMore(
      ProductTasks.Task task,
      int rows,
      MemorySegment x,
      MemorySegment weights,
      MemorySegment bias,
      float[] rowScales,
      Matrix y) {
    long rowBytes = (long) task.width() * Float.BYTES;
    var all = moreRowsMemory.borrow(rows * rowBytes);
    var out = rowArrays.borrow(task.width());
    kernels.product(rows, task.inputs(), task.outputs(), task.width()).run(x, weights, bias, all);
    for (int i = 0; i < task.rows(); i++) {
      finish(task, all, i * rowBytes, scale(rowScales, task.from() + i), out);
      SliceOutput.store(out, task.outputs(), y, task.from() + i, task.column());
    }
    rowArrays.giveBack(out);
    moreRowsMemory.giveBack(all);
  }

  private float scale(float[] rowScales, int row) {
    return precision == Precision.INT8 ? rowScales[row] : 1;
  }

  private void finish(
      ProductTasks.Task task, MemorySegment from, long at, float rowScale, float[] out) {
    if (precision == Precision.INT8) {
      SliceOutput.scale(
          from,
          at,
          task.outputs(),
          rowScale,
          task.packed().scales(),
          task.packed().bias(),
          task.columnAt(),
          task.activation(),
          out);
    } else {
      SliceOutput.activate(from, at, task.outputs(), task.activation(), out);
    }
  }

  private static long at(Matrix y, int row, ProductTasks.Task task) {
    return y.offset(row) + task.columnAt();
  }
}
