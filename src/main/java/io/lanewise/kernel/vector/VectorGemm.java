package io.lanewise.kernel.vector;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.ScratchArrays;
import io.lanewise.kernel.ScratchPool;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.packing.GroupedRows;
import io.lanewise.kernel.packing.NarrowPanels;
import io.lanewise.kernel.packing.PanelPacking;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * {@link Gemm} with the Vector API: weights in panels {@code [outputs / width][inputs][width]},
 * activations copied to an array in groups of rows ({@link GroupedRows}), and register tiles
 * ({@link Panels}) that run down a panel.
 *
 * <p>A task is one strip of panels, or several, for all rows or a part of them ({@link
 * StripProduct}). An element is always one sum in the order of k that starts with the bias,
 * whichever kernel computes it.
 *
 * <p>Narrow weights ({@link NarrowPanels}) are widened a strip at a time; for few rows they are
 * widened in registers. They save memory and memory bandwidth, not arithmetic.
 */
public final class VectorGemm implements Gemm {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Floats of x that are copied at a time: 4 MB. */
  private static final int SLICE = 1 << 20;

  /** Copying fewer floats than this is not worth a second thread. */
  private static final int COPY = 1 << 14;

  /** The fewest multiply-adds of a task: a few microseconds. */
  private static final long TASK = 200_000;

  /**
   * Products of fewer rows than this wait for memory; one row more if four rows are computed
   * together.
   */
  private static final int FEW = 4;

  /** With fewer rows than this a narrow panel is widened in registers, for four rows at a time. */
  private static final int WIDENED = 12;

  /** The most bytes that such a task reads; much smaller tasks would cost too much overhead. */
  private static final long STREAM = 1 << 20;

  private final Workers workers;
  private final Precision precision;
  private final Layout layout;
  private final ScratchArrays inputArrays;
  private final ScratchArrays tiles;
  private final ScratchPool<StripProduct> products;

  /** Products with weights of 32 bits, on these threads. */
  public VectorGemm(Workers workers) {
    this(workers, Precision.FLOAT32);
  }

  /** Products with weights stored in this precision, computed in fp32. */
  public VectorGemm(Workers workers, Precision precision) {
    this.workers = workers;
    this.precision = precision;
    this.layout = new Layout.InPanels(precision, Panels.width());
    this.inputArrays = new ScratchArrays(4);
    this.tiles = new ScratchArrays(4 * workers.threads());
    this.products = ScratchPool.of(workers);
  }

  @Override
  public Packed pack(List<Matrix> weights, List<MemorySegment> biases, Region region) {
    return pack(weights, biases, region, workers);
  }

  /** The same on other threads. */
  public Packed pack(
      List<Matrix> weights, List<MemorySegment> biases, Region region, Workers workers) {
    return precision == Precision.FLOAT32
        ? PanelPacking.pack(weights, biases, region, workers)
        : NarrowPanels.pack(weights, biases, precision, region, workers);
  }

  @Override
  public void apply(Matrix x, Packed packed, Activation activation, Matrix y) {
    packed.check(x, y, layout);
    int slice = Math.max(SLICE / packed.inputs() / Panels.GROUP, 1) * Panels.GROUP;
    for (int from = 0; from < x.rows(); from += slice) {
      int rows = Math.min(slice, x.rows() - from);
      applySlice(x.rows(from, rows), packed, activation, y.rows(from, rows));
    }
  }

  private void applySlice(Matrix x, Packed packed, Activation activation, Matrix y) {
    boolean few = isFew(x.rows());
    int size = few ? x.rows() * x.columns() : GroupedRows.size(x.rows(), x.columns());
    var array = inputArrays.borrow(size);
    try {
      copy(x, few, array);
      multiply(array, x.rows(), few, packed, activation, y);
    } finally {
      inputArrays.giveBack(array);
    }
  }

  /** Copies rows in groups; few rows are copied one after the other. */
  private void copy(Matrix x, boolean few, float[] array) {
    int groups = Math.ceilDiv(COPY, x.columns() * Panels.GROUP);
    int part = groups * Panels.GROUP;
    workers.run(
        Math.ceilDiv(x.rows(), part),
        i -> {
          int from = i * part;
          int rows = Math.min(part, x.rows() - from);
          if (few) {
            copyRows(x, from, rows, array);
          } else {
            GroupedRows.copy(x, from, rows, array);
          }
        });
  }

  private static void copyRows(Matrix x, int from, int rows, float[] array) {
    int columns = x.columns();
    if (x.isContiguous()) {
      MemorySegment.copy(x.data(), FLOAT, x.offset(from), array, from * columns, rows * columns);
      return;
    }
    for (int i = from; i < from + rows; i++) {
      MemorySegment.copy(x.data(), FLOAT, x.offset(i), array, i * columns, columns);
    }
  }

  private void multiply(
      float[] x, int rows, boolean few, Packed packed, Activation activation, Matrix y) {
    if (few) {
      multiplyFew(x, rows, packed, activation, y);
      return;
    }
    int panels = Panels.count(packed.outputs());
    int strip = StripProduct.panels(panels, 4 * workers.threads());
    int group = Math.ceilDiv(panelsOfTask(rows, packed, panels), strip) * strip;
    int groups = Math.ceilDiv(panels, group);
    int part = partOfRows(rows, groups);
    int parts = Math.ceilDiv(rows, part);
    workers.run(
        groups * parts,
        i -> {
          int from = i % parts * part;
          int count = Math.min(part, rows - from);
          int last = Math.min(i / parts * group + group, panels);
          var product = products.borrow(StripProduct::new);
          for (int panel = i / parts * group; panel < last; panel += strip) {
            int width = Math.min(strip, last - panel);
            product.multiply(x, from, count, packed, panel, width, activation, y);
          }
          products.giveBack(product);
        });
  }

  private void multiplyFew(float[] x, int rows, Packed packed, Activation activation, Matrix y) {
    int panels = Panels.count(packed.outputs());
    int group = panelsOfStream(packed, panels);
    workers.run(
        Math.ceilDiv(panels, group),
        i -> {
          int last = Math.min(i * group + group, panels);
          var tile = tiles.borrow(FewRows.ROOM * Panels.width());
          var next = tiles.borrow(FewRows.ROOM * Panels.width());
          FewRows.multiply(x, 0, rows, packed, i * group, last, activation, y, tile, next);
          tiles.giveBack(next);
          tiles.giveBack(tile);
        });
  }

  /** Whether there are so few rows that reading the weights takes most of the time. */
  private boolean isFew(int rows) {
    if (!FewRows.haveFourVectors()) {
      return rows < FEW;
    }
    return rows < (precision == Precision.FLOAT32 ? FEW + 1 : WIDENED);
  }

  /** Panels of a task. */
  private static int panelsOfTask(int rows, Packed packed, int panels) {
    long cost = (long) rows * packed.inputs() * Panels.width();
    return Math.clamp(TASK / cost, 1, panels);
  }

  /** Panels of a task for few rows, read one after the other. */
  private int panelsOfStream(Packed packed, int panels) {
    long bytes = NarrowPanels.bytes(NarrowPanels.bits(precision), packed.inputs());
    int most = Math.clamp(STREAM / bytes, 1, Math.max(1, panels / (4 * workers.threads())));
    return precision == Precision.FLOAT32 ? most + most % 2 : most; // they are read two at a time
  }

  /**
   * Rows of a task: all, or fewer if there would be too few tasks to divide them evenly among the
   * threads.
   */
  private int partOfRows(int rows, int groups) {
    int parts = Math.clamp(Math.ceilDiv(8 * workers.threads(), groups), 1, Math.max(1, rows / 36));
    if (workers.threads() == 1) {
      return rows;
    }
    return Math.ceilDiv(Math.ceilDiv(rows, parts), Panels.GROUP) * Panels.GROUP;
  }
}
