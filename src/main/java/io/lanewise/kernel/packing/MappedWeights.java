package io.lanewise.kernel.packing;

import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The weights of a layer as unpacked rows, usually of a mapped file, and later also in panels. */
public final class MappedWeights {
  private final StackedRows rows;
  private final List<MemorySegment> biases;
  private final Region region;
  private volatile Gemm.Packed panels;
  private boolean used;

  /**
   * Does not read the weights yet. Copies the biases, so the caller may free them.
   *
   * @param biases one for each matrix, or an empty list
   * @param region where the biases and, later, the panels live
   */
  public MappedWeights(StackedRows rows, List<MemorySegment> biases, Region region) {
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
  }

  public StackedRows rows() {
    return rows;
  }

  public List<MemorySegment> biases() {
    return biases;
  }

  /** The packed weights; null until they are packed. */
  public Gemm.Packed panels() {
    return panels;
  }

  /**
   * The panels; the rows in the file stay in use as well. They are packed at the second call.
   *
   * @return null at the first call
   */
  public synchronized Gemm.Packed panelsFromSecondUse(Workers workers) {
    if (panels == null && used) {
      panels = PanelPacking.pack(rows.matrices(), biases, region, workers);
    }
    used = true;
    return panels;
  }

  /** Packs the weights, and releases the pages of the file from memory. */
  public void pack(Workers workers) {
    panels = PanelPacking.pack(rows.matrices(), biases, region, workers);
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
