package io.lanewise.kernel.onednn;

import io.lanewise.kernel.Gemm.Layout;
import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.packing.InterleavedRows;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.SymmetricInt8;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Narrows weights and packs them in the layout of oneDNN, one slice of outputs at a time. */
final class SlicePacking {
  private final OneDnnKernels kernels;
  private final Layout.InSlices layout;
  private final StackedRows rows;
  private final MemorySegment packed;
  private final float[] scales;

  private SlicePacking(
      OneDnnKernels kernels,
      Layout.InSlices layout,
      StackedRows rows,
      MemorySegment packed,
      float[] scales) {
    this.kernels = kernels;
    this.layout = layout;
    this.rows = rows;
    this.packed = packed;
    this.scales = scales;
  }

  /** See {@link io.lanewise.kernel.Gemm#pack}. */
  static Packed pack(
      OneDnnKernels kernels,
      Layout.InSlices layout,
      List<Matrix> weights,
      List<MemorySegment> biases,
      Region region,
      Workers workers) {
    var rows = StackedRows.of(weights);
    int slices = Math.ceilDiv(rows.size(), layout.width());
    int padded = Math.multiplyExact(slices, layout.width());
    int inputs = InterleavedRows.width(layout.precision(), rows.columns());
    long last = sliceBytes(kernels, inputs, rows.size() - (slices - 1) * layout.width());
    long room =
        slices == 1
            ? last
            : Math.addExact(
                Math.multiplyExact(slices - 1, sliceBytes(kernels, inputs, layout.width())), last);
    var packed = region.allocate(room);
    var scales = new float[layout.precision() == Precision.INT8 ? padded : 0];
    var packing = new SlicePacking(kernels, layout, rows, packed, scales);
    workers.run(slices, packing::packSlice);
    var bias = region.floats(padded);
    rows.copyBiases(biases, bias);
    return new Packed(
        rows.size(),
        rows.columns(),
        layout,
        packed,
        scales.length == 0 ? MemorySegment.NULL : region.copyOf(scales),
        bias);
  }

  /** Bytes from the start of a slice to that of the next one, a multiple of a cache line. */
  static long sliceBytes(OneDnnKernels kernels, int inputs, int outputs) {
    return Math.ceilDiv(kernels.weights(inputs, outputs).bytes(), Region.ALIGNMENT)
        * Region.ALIGNMENT;
  }

  private void packSlice(int slice) {
    int first = slice * layout.width();
    int outputs = Math.min(layout.width(), rows.size() - first);
    var precision = layout.precision();
    int inputs = InterleavedRows.width(precision, rows.columns());
    long rowBytes = InterleavedRows.bytes(precision, rows.columns());
    try (var scratch = Region.scratch()) {
      var row = new float[rows.columns()];
      var floats = scratch.matrix(1, row.length);
      var plain = scratch.allocate(rowBytes * outputs); // [outputs, inputs]
      var tail = new float[InterleavedRows.group(precision)];
      for (int i = 0; i < outputs; i++) {
        rows.copy(first + i, 0, row.length, row, 0);
        if (precision == Precision.INT8) {
          scales[first + i] = divide(row);
        }
        floats.copyFrom(row, 0);
        long at = i * rowBytes;
        switch (precision) {
          case FLOAT32 -> InterleavedRows.copy(floats, 0, plain, at, tail);
          case BFLOAT16 -> InterleavedRows.toBrainFloats(floats, 0, plain, at, tail);
          case INT8 ->
              InterleavedRows.toInt8(floats, 0, scales[first + i] > 0 ? 1 : 0, plain, at, tail);
        }
      }
      long at = slice == 0 ? 0 : slice * sliceBytes(kernels, inputs, layout.width());
      var weights = kernels.weights(inputs, outputs);
      weights.reorder(plain, packed.asSlice(at, weights.bytes()));
    }
  }

  /** Divides the weights of an output by their scale, unless that is 0 or NaN. */
  private static float divide(float[] row) {
    float scale = SymmetricInt8.scale(row, 0, row.length);
    if (scale > 0) {
      for (int k = 0; k < row.length; k++) {
        row[k] /= scale;
      }
    }
    return scale;
  }
}
