package io.lanewise.kernel.packing;

import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The weights of a layer as unpacked rows, usually of a mapped file, and later also packed. */
public final class MappedWeights {
  /** Packs the weights of a layer on some threads; otherwise as {@link Gemm#pack}. */
  @FunctionalInterface
  public interface Packing {
    /** Returns the packed weights, which live in the region. */
    Gemm.Packed pack(
        List<Matrix> weights, List<MemorySegment> biases, Region region, Workers workers);
  }

  private final StackedRows rows;
  private final List<MemorySegment> biases;
  private final Region region;
  private final Packing packing;
  private volatile Gemm.Packed packed;
  private boolean used;

  /**
   * Does not read the weights yet. Copies the biases, so the caller may free them.
   *
   * @param biases one for each matrix, or an empty list
   * @param region where the biases and, later, the packed weights live
   * @param packing packs them later
   */
  public MappedWeights(
      StackedRows rows, List<MemorySegment> biases, Region region, Packing packing) {
    if (!biases.isEmpty() && biases.size() != rows.matrices().size()) {
      throw new IllegalArgumentException(
          biases.size() + " biases for " + rows.matrices().size() + " weights");
    }
    this.rows = rows;
    this.biases = new ArrayList<>();
    for (int i = 0; i < biases.size(); i++) {
      var copy = region.floats(rows.matrices().get(i).rows());
      MemorySegment.copy(biases.get(i), 0, copy, 0, copy.byteSize());
      this.biases.add(copy);
    }
    this.region = region;
    this.packing = packing;
  }

  public StackedRows rows() {
    return rows;
  }

  public List<MemorySegment> biases() {
    return biases;
  }

  /** The packed weights; null until they are packed. */
  public Gemm.Packed packed() {
    return packed;
  }

  /**
   * The packed weights; the rows in the file stay in use as well. They are packed at the second
   * call.
   *
   * @return null at the first call
   */
  public synchronized Gemm.Packed packedFromSecondUse(Workers workers) {
    if (packed == null && used) {
      packed = packing.pack(rows.matrices(), biases, region, workers);
    }
    used = true;
    return packed;
  }

  /** Packs the weights, and releases the pages of the file from memory. */
  public void pack(Workers workers) {
    packed = packing.pack(rows.matrices(), biases, region, workers);
    unload();
  }

  /**
   * Releases the pages of the file from memory once more, when a call that was still reading them
   * has ended.
   */
  public void unload() {
    rows.matrices().forEach(matrix -> matrix.data().unload());
  }
}
