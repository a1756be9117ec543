package io.lanewise.kernel.packing;

import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.vector.Panels;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Packs the rows of weights side by side in panels {@code [inputs][width]}. */
public final class PanelPacking {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Inputs that are transposed at a time: a block fits the first two caches. */
  private static final int BLOCK = 128;

  private PanelPacking() {}

  /** See {@link Gemm#pack}; the last panel is padded with zeros. */
  public static Packed pack(
      List<Matrix> weights, List<MemorySegment> biases, Region region, Workers workers) {
    int width = Panels.width();
    var rows = StackedRows.of(weights);
    int panels = Panels.count(rows.size());
    long room = Math.multiplyExact((long) panels, width);
    var packed = region.floats(Math.multiplyExact(room, rows.columns()));
    workers.run(panels, panel -> packPanel(rows, panel, width, packed));
    var bias = region.floats(room);
    rows.copyBiases(biases, bias);
    var layout = new Gemm.Layout.InPanels(Precision.FLOAT32, width);
    return new Packed(rows.size(), rows.columns(), layout, packed, MemorySegment.NULL, bias);
  }

  private static void packPanel(StackedRows rows, int panel, int width, MemorySegment packed) {
    int first = panel * width;
    int count = Math.min(width, rows.size() - first);
    var block = new float[count * BLOCK]; // [rows, inputs]
    var turned = new float[BLOCK * width]; // [inputs, rows]
    long at = (long) first * rows.columns() * Float.BYTES;
    for (int from = 0; from < rows.columns(); from += BLOCK) {
      int inputs = Math.min(BLOCK, rows.columns() - from);
      for (int i = 0; i < count; i++) {
        rows.copy(first + i, from, inputs, block, i * inputs);
      }
      turn(block, count, inputs, turned, width);
      MemorySegment.copy(turned, 0, packed, FLOAT, at, inputs * width);
      at += (long) inputs * width * Float.BYTES;
    }
  }

  /**
   * Transposes {@code [rows, inputs]} to {@code [inputs, width]}, 16 inputs at a time: the lines
   * read and the lines written fit the first-level cache together.
   */
  static void turn(float[] block, int rows, int inputs, float[] turned, int width) {
    for (int strip = 0; strip < inputs; strip += 16) {
      int end = Math.min(strip + 16, inputs);
      for (int i = 0; i < rows; i++) {
        for (int k = strip; k < end; k++) {
          turned[k * width + i] = block[i * inputs + k];
        }
      }
    }
  }
}
