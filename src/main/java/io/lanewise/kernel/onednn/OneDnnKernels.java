package io.lanewise.kernel.onednn;

import io.lanewise.kernel.Precision;
import io.lanewise.onednn.OneDnn;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The products and layouts that oneDNN has compiled for one precision; each is made when it is
 * first needed, and kept.
 *
 * <p>The left factor has rows of {@code inputs} numbers without gaps. The results are floats: with
 * the bias added, or for int8 the bare sums, which are whole numbers.
 */
final class OneDnnKernels {
  /** More sizes than any model has. When there are more, all are dropped and made again. */
  private static final int LIMIT = 2048;

  private final int type;
  private final boolean hasBias;
  private final ConcurrentHashMap<Size, OneDnnMatmul> products = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<WeightSize, OneDnnWeights> layouts = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<WeightSize, OneDnnPlan> plans = new ConcurrentHashMap<>();

  OneDnnKernels(Precision precision) {
    this.type =
        switch (precision) {
          case FLOAT32 -> OneDnn.dnnl_f32();
          case BFLOAT16 -> OneDnn.dnnl_bf16();
          case INT8 -> OneDnn.dnnl_s8();
        };
    this.hasBias = precision != Precision.INT8;
  }

  /**
   * A product's size.
   *
   * @param stride elements from one row of the result to the next
   */
  private record Size(int rows, int inputs, int outputs, int stride) {}

  /** The size of its weights. */
  private record WeightSize(int inputs, int outputs) {}

  /** The product {@code [rows, inputs] · [inputs, outputs]}. */
  OneDnnMatmul product(int rows, int inputs, int outputs, int stride) {
    var size = new Size(rows, inputs, outputs, stride);
    var product = products.get(size);
    if (product != null) {
      return product;
    }
    if (products.size() >= LIMIT) {
      products.clear();
    }
    var weights = weights(inputs, outputs);
    return products.computeIfAbsent(size, s -> OneDnnThreads.alone(() -> compile(s, weights)));
  }

  private OneDnnMatmul compile(Size size, OneDnnWeights weights) {
    return new OneDnnMatmul(
        left(size.rows, size.inputs),
        weights.descriptor(),
        bias(size.outputs),
        result(size.rows, size.outputs, size.stride));
  }

  /** The numbers of rows that have a compiled kernel. */
  OneDnnPlan plan(int inputs, int outputs) {
    var size = new WeightSize(inputs, outputs);
    var plan = plans.get(size);
    return plan != null ? plan : plans.computeIfAbsent(size, this::plan);
  }

  private OneDnnPlan plan(WeightSize size) {
    var weights = weights(size.inputs, size.outputs).descriptor();
    return new OneDnnPlan(rows -> OneDnnThreads.alone(() -> implementation(rows, size, weights)));
  }

  private String implementation(int rows, WeightSize size, MemorySegment weights) {
    return OneDnnMatmul.implementation(
        left(rows, size.inputs),
        weights,
        bias(size.outputs),
        result(rows, size.outputs, size.outputs));
  }

  private static MemorySegment result(int rows, int outputs, int stride) {
    return OneDnnObjects.matrix(OneDnn.dnnl_f32(), rows, outputs, stride, 1);
  }

  private MemorySegment left(int rows, int inputs) {
    return OneDnnObjects.matrix(type, rows, inputs, inputs, 1);
  }

  private MemorySegment bias(int outputs) {
    return hasBias ? OneDnnObjects.matrix(OneDnn.dnnl_f32(), 1, outputs, outputs, 1) : null;
  }

  /** The layout of the weights {@code [inputs, outputs]}. */
  OneDnnWeights weights(int inputs, int outputs) {
    return layouts.computeIfAbsent(
        new WeightSize(inputs, outputs), size -> OneDnnThreads.alone(() -> layout(size)));
  }

  /** The layout of the product of many rows is used for all products. */
  private OneDnnWeights layout(WeightSize size) {
    var any = OneDnnObjects.anyMatrix(type, size.inputs, size.outputs);
    int rows = OneDnnPlan.ROWS;
    var wanted =
        OneDnnMatmul.wantedWeights(
            left(rows, size.inputs),
            any,
            bias(size.outputs),
            result(rows, size.outputs, size.outputs));
    // in a checkpoint they are [outputs, inputs], so the column stride is the large one here
    var plain = OneDnnObjects.matrix(type, size.inputs, size.outputs, 1, size.inputs);
    return new OneDnnWeights(plain, wanted);
  }
}
