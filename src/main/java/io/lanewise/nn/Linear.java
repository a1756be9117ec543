package io.lanewise.nn;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear layer: {@code y = activation(x · Wᵀ + b)}, PyTorch's {@code nn.Linear}, with W packed
 * once at load.
 *
 * @param packed weights in the layout of their kernel
 */
public record Linear(Gemm.Packed packed) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int BLOCK = 1 << 22; // floats

  /** Loads {@code weight} [outputs, inputs] and {@code bias} [outputs]. */
  public static Linear load(Packing packing, int inputs, int outputs, Weights at) {
    return fused(packing, inputs, outputs, at);
  }

  /** Loads {@code weight} [outputs, inputs] where there is no {@code bias}. */
  public static Linear withoutBias(Packing packing, int inputs, int outputs, Weights at) {
    return load(packing, inputs, outputs, false, at);
  }

  /**
   * Loads several layers over the same input as one, with their results side by side: for example
   * queries, keys and values in a single product.
   *
   * @param outputs of each part
   */
  public static Linear fused(Packing packing, int inputs, int outputs, Weights... parts) {
    return load(packing, inputs, outputs, true, parts);
  }

  /**
   * Loads one layer or, as {@link #fused} does, several.
   *
   * @param biased whether each part has a {@code bias}
   */
  public static Linear load(
      Packing packing, int inputs, int outputs, boolean biased, Weights... parts) {
    try (var scratch = Packing.scratch()) {
      var weights = new ArrayList<Matrix>();
      var biases = new ArrayList<MemorySegment>();
      for (var part : parts) {
        weights.add(part.borrow("weight", outputs, inputs, scratch));
        if (biased) {
          biases.add(part.vector("bias", outputs, Weights.Init.ZEROS));
        }
      }
      var packed = packing.gemm().pack(weights, biases, packing.region());
      for (int i = 0; i < parts.length; i++) {
        parts[i].release(weights.get(i));
      }
      return new Linear(packed);
    }
  }

  /**
   * A layer with the transposed weights of another layer, without bias: {@code y = x · W}.
   *
   * @param inputs of the layer in the file, which are the outputs of this layer
   * @param outputs of the layer in the file, which are the inputs of this layer
   */
  public static Linear turned(Packing packing, int inputs, int outputs, Weights at) {
    try (var scratch = Packing.scratch()) {
      var weight = at.borrowSource("weight", outputs, inputs, scratch);
      var turned = scratch.matrix(inputs, outputs); // [inputs, outputs]
      var column = new float[outputs];
      var rows = weight.toArray();
      for (int i = 0; i < inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          column[o] = rows[o * inputs + i];
        }
        turned.rows(i, 1).copyFrom(column, 0);
      }
      at.release(weight);
      return new Linear(packing.gemm().pack(List.of(turned), List.of(), packing.region()));
    }
  }

  /**
   * A layer of a matrix that is already loaded, such as the word embeddings of a decoder with tied
   * weights.
   */
  public static Linear of(Packing packing, Matrix weight, MemorySegment bias) {
    return new Linear(packing.gemm().pack(List.of(weight), List.of(bias), packing.region()));
  }

  /** A layer without bias over a matrix that is loaded already. */
  public static Linear of(Packing packing, Matrix weight) {
    return new Linear(packing.gemm().pack(List.of(weight), List.of(), packing.region()));
  }

  /**
   * The layer for some of its outputs, with the same weights.
   *
   * @return null if the layout stores these outputs together with others
   */
  public Linear part(Pass pass, int from, int outputs) {
    var part = pass.backend().gemm().part(packed, from, outputs);
    return part == null ? null : new Linear(part);
  }

  /** Output features. */
  public int outputs() {
    return packed.outputs();
  }

  /**
   * Applies the layer to each row.
   *
   * @param x [rows, inputs]
   * @param y [rows, outputs], written; must not overlap x
   */
  public void apply(Pass pass, Matrix x, Matrix y) {
    apply(pass, x, Activation.IDENTITY, y);
  }

  /** The same, followed by an activation. */
  public void apply(Pass pass, Matrix x, Activation activation, Matrix y) {
    pass.backend().gemm().apply(x, packed, activation, y);
  }

  /**
   * Applies the layer to each row and copies the result to the heap, [rows, outputs]. Large
   * results, such as scores of a vocabulary, are copied block by block, so that they are never in
   * memory twice.
   */
  public float[] toHeap(Pass pass, Matrix x) {
    var result = new float[Math.multiplyExact(x.rows(), outputs())];
    int block = Math.clamp(BLOCK / outputs(), 64, Math.max(64, x.rows()));
    for (int row = 0; row < x.rows(); row += block) {
      try (var _ = pass.frame()) {
        int rows = Math.min(block, x.rows() - row);
        var y = pass.matrix(rows, outputs());
        apply(pass, x.rows(row, rows), y);
        MemorySegment.copy(y.data(), FLOAT, 0, result, row * outputs(), rows * outputs());
      }
    }
    return result;
  }
}
