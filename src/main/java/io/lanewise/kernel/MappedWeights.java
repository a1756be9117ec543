package io.lanewise.kernel;

import io.lanewise.tensor.Region;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The weights of a layer as they lie in a mapped file, and in panels once those are packed. */
public final class MappedWeights {
  private final PlainRows rows;
  private final List<MemorySegment> biases;
  private final Region region;
  private volatile Gemm.Packed panels;

  /**
   * Nothing is read yet.
   *
   * @param biases one for each matrix, or none at all
   * @param region where the panels will live
   */
  MappedWeights(PlainRows rows, List<MemorySegment> biases, Region region) {
    if (!biases.isEmpty() && biases.size() != rows.matrices().size()) {
      throw new IllegalArgumentException(
          biases.size() + " biases for " + rows.matrices().size() + " weights");
    }
    this.rows = rows;
    this.biases = List.copyOf(biases);
    this.region = region;
  }

  PlainRows rows() {
    return rows;
  }

  List<MemorySegment> biases() {
    return biases;
  }

  /** The packed weights; null while there are none. */
  Gemm.Packed panels() {
    return panels;
  }

  /** Packs them, and lets the pages of the file leave this process's memory. */
  void pack(Workers workers) {
    panels = PanelPacking.pack(rows.matrices(), biases, region, workers);
    unload();
  }

  /** Lets the pages of the file leave memory: a call that was still reading them has ended. */
  void unload() {
    rows.matrices().forEach(matrix -> matrix.data().unload());
  }
}
