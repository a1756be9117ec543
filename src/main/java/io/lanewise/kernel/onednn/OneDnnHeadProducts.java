package io.lanewise.kernel.onednn;

import io.lanewise.onednn.OneDnn;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The two products of attention in bf16, compiled by oneDNN for each size when it is first needed,
 * and kept.
 */
final class OneDnnHeadProducts {
  /**
   * More sizes than occur with texts up to some thousand tokens. When there are more, all are
   * dropped and made again.
   */
  private static final int LIMIT = 2048;

  private final ConcurrentHashMap<Size, OneDnnMatmul> products = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<HeadSize, OneDnnPlan> plans = new ConcurrentHashMap<>();

  /**
   * A product's size.
   *
   * @param depth terms of a sum
   * @param stride floats from one row of the result to the next
   * @param values whether the right factor are values; keys otherwise
   */
  private record Size(int rows, int depth, int columns, int stride, boolean values) {}

  /**
   * Queries by keys: {@code [rows, features] · [keys, features]ᵀ}.
   *
   * @param features of a head, padded with zeros as in {@link
   *     io.lanewise.kernel.packing.InterleavedRows}
   * @param keys a multiple of 32
   */
  OneDnnMatmul scores(int rows, int features, int keys) {
    return product(new Size(rows, features, keys, keys, false));
  }

  /**
   * Probabilities by values: {@code [rows, keys] · [keys, features]}, the values in {@link
   * OneDnnObjects#pairedRows}.
   *
   * @param keys a multiple of 32
   * @param stride floats from one row of the result to the next
   */
  OneDnnMatmul context(int rows, int keys, int features, int stride) {
    return product(new Size(rows, keys, features, stride, true));
  }

  /**
   * The numbers of rows for which both products of a head have the compiled kernels of many rows.
   *
   * @param width of a head, padded with zeros
   */
  OneDnnPlan plan(int features, int width, int keys) {
    var head = new HeadSize(features, width, keys);
    var plan = plans.get(head);
    if (plan != null) {
      return plan;
    }
    if (plans.size() >= LIMIT) {
      plans.clear();
    }
    return plans.computeIfAbsent(head, h -> OneDnnThreads.alone(() -> plan(h)));
  }

  private record HeadSize(int features, int width, int keys) {}

  private static OneDnnPlan plan(HeadSize head) {
    return plan(new Size(0, head.width, head.keys, head.keys, false))
        .and(plan(new Size(0, head.keys, head.features, head.features, true)));
  }

  private static OneDnnPlan plan(Size size) {
    return OneDnnPlan.of(
        rows ->
            OneDnnObjects.implementation(
                OneDnnObjects.plannedProduct(
                    left(rows, size), rightFactor(size), MemorySegment.NULL, out(rows, size))));
  }

  private OneDnnMatmul product(Size size) {
    var product = products.get(size);
    if (product != null) {
      return product;
    }
    if (products.size() >= LIMIT) {
      products.clear();
    }
    return products.computeIfAbsent(size, s -> OneDnnThreads.alone(() -> compile(s)));
  }

  private static OneDnnMatmul compile(Size size) {
    return new OneDnnMatmul(left(size.rows, size), rightFactor(size), null, out(size.rows, size));
  }

  private static MemorySegment left(int rows, Size size) {
    return OneDnnObjects.matrix(OneDnn.dnnl_bf16(), rows, size.depth, size.depth, 1);
  }

  private static MemorySegment out(int rows, Size size) {
    return OneDnnObjects.matrix(OneDnn.dnnl_f32(), rows, size.columns, size.stride, 1);
  }

  private static MemorySegment rightFactor(Size size) {
    return size.values
        ? OneDnnObjects.pairedRows(size.depth, size.columns)
        : OneDnnObjects.matrix(OneDnn.dnnl_bf16(), size.depth, size.columns, 1, size.depth);
  }
}
