package io.lanewise.kernel.coldstart;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.onednn.OneDnnGemm;
import io.lanewise.kernel.packing.MappedWeights;
import io.lanewise.kernel.vector.VectorGemm;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link VectorGemm} or {@link OneDnnGemm}, replaced during the first calls of a process; see
 * {@link ColdStart}.
 */
public final class ColdStartGemm implements Gemm, AutoCloseable {
  private final ColdStart start;
  private final Gemm later;
  private final MappedWeights.Packing packing;
  private final Gemm few;

  /** The vector kernels are used later. */
  public ColdStartGemm(ColdStart start, VectorGemm later) {
    this.start = start;
    this.later = later;
    this.packing = later::pack;
    this.few = this;
  }

  /** oneDNN is used later. */
  public ColdStartGemm(ColdStart start, OneDnnGemm later) {
    this.start = start;
    this.later = later;
    this.packing = later::pack;
    this.few = new ColdStartGemm(start, later.forFewRows());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Large weights of a mapped file are used where they are, so the file has to stay mapped as
   * long as the region lives. The biases are copied.
   */
  @Override
  public Packed pack(List<Matrix> weights, List<MemorySegment> biases, Region region) {
    var rows = StackedRows.of(weights);
    var mapped = new MappedWeights(rows, biases, region, packing);
    if (!start.take(mapped)) {
      return later.pack(weights, biases, region);
    }
    return new Packed(
        rows.size(),
        rows.columns(),
        new Layout.InFile(mapped),
        MemorySegment.NULL,
        MemorySegment.NULL,
        MemorySegment.NULL);
  }

  @Override
  public Gemm forFewRows() {
    return few;
  }

  @Override
  public void apply(Matrix x, Packed packed, Activation activation, Matrix y) {
    if (!(packed.layout() instanceof Layout.InFile(var mapped))) {
      later.apply(x, packed, activation, y);
      return;
    }
    var first = start.gemm(mapped);
    if (first == null) {
      later.apply(x, mapped.packed(), activation, y);
      return;
    }
    packed.check(x, y, packed.layout());
    first.apply(x, mapped.rows(), mapped.biases(), activation, y);
  }

  /** See {@link ColdStart#finish}; false if there was nothing to wait for. */
  public boolean finish() {
    if (start.isOver()) {
      return false;
    }
    start.finish();
    return true;
  }

  @Override
  public @Nullable Packed part(Packed packed, int from, int outputs) {
    if (!(packed.layout() instanceof Layout.InFile(var mapped))) {
      return later.part(packed, from, outputs);
    }
    return start.gemm(mapped) == null ? later.part(mapped.packed(), from, outputs) : null;
  }

  @Override
  public @Nullable Packed panels(Packed packed) {
    if (!(packed.layout() instanceof Layout.InFile(var mapped))) {
      return later.panels(packed);
    }
    return start.gemm(mapped) == null ? later.panels(mapped.packed()) : null;
  }

  @Override
  public void close() {
    start.close();
  }
}
