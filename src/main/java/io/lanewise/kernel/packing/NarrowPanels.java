package io.lanewise.kernel.packing;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Gemm.Layout;
import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.vector.Panels;
import io.lanewise.memory.BrainFloat;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.SymmetricInt8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Panels of narrow weights: 16 or 8 bits each.
 *
 * <p>Take the vectors of a panel of floats, {@code [inputs][width]}, two (bf16) or four (int8) at a
 * time, and store them as one vector of ints: each lane of it holds the numbers of the same lane of
 * those vectors, the first vector's in the lowest bits. So they are widened by shifts, with vectors
 * of any length, and no number moves to another lane. An int8 is stored as q + 128, from 1 to 255.
 */
public final class NarrowPanels {
  /** What is added to an int8. */
  static final int BIAS = 128;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  /** Inputs that are transposed at a time; a multiple of four. */
  private static final int BLOCK = 128;

  private final StackedRows rows;
  private final int bits;
  private final float[] scales;
  private final MemorySegment packed;

  private NarrowPanels(StackedRows rows, int bits, float[] scales, MemorySegment packed) {
    this.rows = rows;
    this.bits = bits;
    this.scales = scales;
    this.packed = packed;
  }

  /** Bits of a weight. */
  public static int bits(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> Float.SIZE;
      case BFLOAT16 -> Short.SIZE;
      case INT8 -> Byte.SIZE;
    };
  }

  /** Bytes of a panel: whole vectors. */
  public static long bytes(int bits, int inputs) {
    long vectors = (long) inputs * (Panels.width() / SPECIES_PREFERRED.length());
    return Math.ceilDiv(vectors * bits, Integer.SIZE) * SPECIES_PREFERRED.vectorByteSize();
  }

  /** See {@link io.lanewise.kernel.Gemm#pack}; the last panel is padded with zeros. */
  public static Packed pack(
      List<Matrix> weights,
      List<MemorySegment> biases,
      Precision precision,
      Region region,
      Workers workers) {
    int width = Panels.width();
    var rows = StackedRows.of(weights);
    int panels = Panels.count(rows.size());
    int bits = bits(precision);
    var memory = region.allocate(Math.multiplyExact(panels, bytes(bits, rows.columns())));
    var scales = new float[precision == Precision.INT8 ? panels * width : 0];
    var panelsOfThese = new NarrowPanels(rows, bits, scales, memory);
    workers.run(panels, panelsOfThese::packPanel);
    var bias = region.floats((long) panels * width);
    rows.copyBiases(biases, bias);
    return new Packed(
        rows.size(),
        rows.columns(),
        new Layout.InPanels(precision, width),
        memory,
        scales.length == 0 ? MemorySegment.NULL : region.copyOf(scales),
        bias);
  }

  private void packPanel(int panel) {
    int width = Panels.width();
    int first = panel * width;
    int count = Math.min(width, rows.size() - first);
    if (scales.length > 0) {
      var row = new float[rows.columns()];
      for (int i = first; i < first + count; i++) {
        rows.copy(i, 0, row.length, row, 0);
        scales[i] = SymmetricInt8.scale(row, 0, row.length);
      }
    }
    var block = new float[width * BLOCK]; // [rows, inputs]
    var turned = new float[BLOCK * width]; // [inputs, rows]
    var words = new int[BLOCK * width * bits / Integer.SIZE];
    long at = panel * bytes(bits, rows.columns());
    for (int from = 0; from < rows.columns(); from += BLOCK) {
      int inputs = Math.min(BLOCK, rows.columns() - from);
      for (int i = 0; i < count; i++) {
        rows.copy(first + i, from, inputs, block, i * inputs);
      }
      PanelPacking.turn(block, count, inputs, turned, width);
      int size = (int) (bytes(bits, inputs) / Integer.BYTES);
      narrow(turned, inputs * width, first, words, size);
      MemorySegment.copy(words, 0, packed, INT, at, size);
      at += (long) size * Integer.BYTES;
    }
  }

  /** Converts {@code count} floats, whole vectors, to words; the rest of the words is 0. */
  private void narrow(float[] values, int count, int firstOutput, int[] words, int size) {
    int lanes = SPECIES_PREFERRED.length();
    int width = Panels.width();
    int together = Integer.SIZE / bits;
    for (int i = 0; i < size; i++) {
      int vector = i / lanes * together;
      int word = 0;
      for (int j = 0; j < together; j++) {
        int place = (vector + j) * lanes + i % lanes;
        float value = place < count ? values[place] : 0;
        word |= code(value, firstOutput + place % width) << (j * bits);
      }
      words[i] = word;
    }
  }

  private int code(float value, int output) {
    return scales.length == 0
        ? Short.toUnsignedInt(BrainFloat.round(value))
        : SymmetricInt8.round(value, scales[output]) + BIAS;
  }
}
