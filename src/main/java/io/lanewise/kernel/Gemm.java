package io.lanewise.kernel;

import io.lanewise.kernel.coldstart.ColdStartGemm;
import io.lanewise.kernel.image.ImageGemm;
import io.lanewise.kernel.onednn.OneDnnGemm;
import io.lanewise.kernel.openblas.BlasGemm;
import io.lanewise.kernel.packing.MappedWeights;
import io.lanewise.kernel.packing.NarrowPanels;
import io.lanewise.kernel.scalar.ScalarGemm;
import io.lanewise.kernel.vector.VectorGemm;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The matrix product of a linear layer, {@code y = activation(x · Wᵀ + b)}, with weights packed
 * once.
 *
 * <p>The number of threads never changes a bit of the result. Nor do the other rows of the batch,
 * except with {@link BlasGemm} and {@link ImageGemm}: an element depends only on its row of x, its
 * row of W and its bias.
 */
public sealed interface Gemm
    permits ScalarGemm, VectorGemm, BlasGemm, OneDnnGemm, ColdStartGemm, ImageGemm {
  /** The layout of packed weights. */
  sealed interface Layout {
    /** The precision the weights were rounded to. */
    Precision precision();

    /**
     * Floats, one output after another: rounded weights, or for {@link Precision#INT8} whole
     * numbers to be scaled.
     */
    record InRows(Precision precision) implements Layout {}

    /**
     * Panels {@code [outputs / width][inputs][width]}, as {@link
     * io.lanewise.kernel.packing.PanelPacking} and {@link NarrowPanels} write them.
     *
     * @param width outputs that lie side by side
     */
    record InPanels(Precision precision, int width) implements Layout {}

    /**
     * Slices of outputs, each in the layout that oneDNN chose.
     *
     * @param width outputs of a slice
     */
    record InSlices(Precision precision, int width) implements Layout {}

    /**
     * Unpacked rows of a mapped file, until they are also packed in panels ({@link
     * io.lanewise.kernel.coldstart.ColdStart}, {@link ImageGemm}).
     */
    record InFile(MappedWeights weights) implements Layout {
      @Override
      public Precision precision() {
        return Precision.FLOAT32;
      }
    }
  }

  /**
   * Weights in the layout of one implementation. They can be applied by the implementation that
   * packed them, and by the one that returned it as {@link #forFewRows}.
   *
   * @param outputs rows of W, output features
   * @param inputs columns of W, input features
   * @param weights the packed weights
   * @param scales for {@link Precision#INT8} one float per output, padded like the weights; empty
   *     otherwise
   * @param bias one float per output, padded like the weights
   */
  record Packed(
      int outputs,
      int inputs,
      Layout layout,
      MemorySegment weights,
      MemorySegment scales,
      MemorySegment bias) {
    /**
     * Some of the outputs, over the same memory.
     *
     * @param unit outputs stored together; the first output must be a multiple of it
     * @param bytes from the start of one unit to the start of the next
     * @return null if the outputs are not whole units
     */
    @Nullable
    public Packed part(int from, int count, int unit, long bytes) {
      int end = Math.addExact(from, count);
      if (from % unit != 0 || (end % unit != 0 && end != outputs)) {
        return null;
      }
      long at = from / unit * bytes;
      long biasAt = (long) from * Float.BYTES;
      var values = scales.byteSize() == 0 ? scales : floats(scales, biasAt, count, end);
      return new Packed(
          count,
          inputs,
          layout,
          end == outputs ? weights.asSlice(at) : weights.asSlice(at, count / unit * bytes),
          values,
          floats(bias, biasAt, count, end));
    }

    /** One float per output, then the padding. */
    private MemorySegment floats(MemorySegment all, long at, int count, int end) {
      return end == outputs ? all.asSlice(at) : all.asSlice(at, (long) count * Float.BYTES);
    }

    /** Throws if the operands do not fit, or if another implementation packed the weights. */
    public void check(Matrix x, Matrix y, Layout expected) {
      if (!layout.equals(expected)) {
        throw new IllegalArgumentException(
            "weights packed as " + layout + ", this kernel wants " + expected);
      }
      if (x.columns() != inputs || y.columns() != outputs || x.rows() != y.rows()) {
        throw new IllegalArgumentException(
            "[%d, %d] by weights [%d, %d] into [%d, %d]"
                .formatted(x.rows(), x.columns(), outputs, inputs, y.rows(), y.columns()));
      }
    }
  }

  /**
   * Packs one linear layer, or several over the same input as one (queries, keys and values).
   *
   * @param weights matrices [outputs, inputs], stacked in this order
   * @param biases for each matrix its bias [outputs]; empty for a layer without bias
   * @param region where the packed copy lives; the given weights are not needed afterwards
   */
  Packed pack(List<Matrix> weights, List<MemorySegment> biases, Region region);

  /**
   * The same layer for some of its outputs, over the same memory; for example only keys and values
   * of the three projections of an attention, which are packed together.
   *
   * @param from the first output
   * @param outputs their number
   * @return null if this layout stores these outputs together with others
   */
  default @Nullable Packed part(Packed packed, int from, int outputs) {
    return switch (packed.layout()) {
      case Layout.InRows _ -> packed.part(from, outputs, 1, (long) packed.inputs() * Float.BYTES);
      case Layout.InPanels(var precision, var width) ->
          packed.part(
              from,
              outputs,
              width,
              NarrowPanels.bytes(NarrowPanels.bits(precision), packed.inputs()));
      case Layout.InSlices _, Layout.InFile _ -> null;
    };
  }

  /**
   * The panels of floats that products of a few rows are computed from now, by the vector kernels.
   *
   * @return null if they are computed otherwise
   */
  default @Nullable Packed panels(Packed packed) {
    return packed.layout() instanceof Layout.InPanels(var precision, _)
            && precision == Precision.FLOAT32
        ? packed
        : null;
  }

  /**
   * The implementation for weights that are mostly multiplied by one or a few rows, as in the steps
   * of a decoder: it packs them; this implementation can apply them, too.
   */
  default Gemm forFewRows() {
    return this;
  }

  /**
   * Applies packed weights to every row.
   *
   * @param x [rows, inputs], any stride
   * @param y [rows, outputs], any stride, written; must not overlap x
   */
  void apply(Matrix x, Packed weights, Activation activation, Matrix y);
}
