package io.lanewise.kernel.coldstart;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.packing.MappedWeights;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Products of {@link LaterProducts}, replaced during the first calls; see {@link ColdStart}. */
public final class ColdStartGemm implements Gemm, AutoCloseable {
  private final ColdStart start;
  private final LaterProducts later;
  private final boolean forFewRows;

  public ColdStartGemm(ColdStart start, LaterProducts later) {
    this(start, later, false);
  }

  private ColdStartGemm(ColdStart start, LaterProducts later, boolean forFewRows) {
    this.start = start;
    this.later = later;
    this.forFewRows = forFewRows;
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
    var packing = forFewRows ? later.packingOfFewRows() : later.packing(rows);
    var mapped = new MappedWeights(rows, biases, region, packing);
    if (!start.take(mapped)) {
      return packing.pack(weights, biases, region, start.workers());
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
    return forFewRows ? this : new ColdStartGemm(start, later, true);
  }

  @Override
  public void apply(Matrix x, Packed packed, Activation activation, Matrix y) {
    if (!(packed.layout() instanceof Layout.InFile(var mapped))) {
      applyLater(x, packed, activation, y);
      return;
    }
    var first = start.gemm(mapped);
    if (first == null) {
      applyLater(x, mapped.packed(), activation, y);
      return;
    }
    packed.check(x, y, packed.layout());
    first.apply(x, mapped.rows(), mapped.biases(), activation, y);
  }

  private void applyLater(Matrix x, Packed packed, Activation activation, Matrix y) {
    later.of(packed.layout()).apply(x, packed, activation, y);
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
    var now = packedNow(packed);
    return now == null ? null : later.of(now.layout()).part(now, from, outputs);
  }

  @Override
  public @Nullable Packed panels(Packed packed) {
    var now = packedNow(packed);
    return now == null ? null : later.of(now.layout()).panels(now);
  }

  /** The packed weights that are used now; null if OpenBLAS multiplies with those in the file. */
  private @Nullable Packed packedNow(Packed packed) {
    if (!(packed.layout() instanceof Layout.InFile(var mapped))) {
      return packed;
    }
    return start.gemm(mapped) == null ? mapped.packed() : null;
  }

  @Override
  public void close() {
    start.close();
  }
}
