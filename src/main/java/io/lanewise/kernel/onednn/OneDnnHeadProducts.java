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
    return plans.computeIfAbsent(head, h -> new OneDnnPlan(rows -> implementation(rows, h)));
  }

  private record HeadSize(int features, int width, int keys) {}

  /** The names of both products, or of one that is not compiled. */
  private static String implementation(int rows, HeadSize head) {
    var scores = implementation(new Size(rows, head.width, head.keys, head.keys, false));
    var context = implementation(new Size(rows, head.keys, head.features, head.features, true));
    if (!OneDnnPlan.isCompiled(scores) || !OneDnnPlan.isCompiled(context)) {
      return OneDnnPlan.isCompiled(scores) ? context : scores;
    }
    return scores + " and " + context;
  }

  private static String implementation(Size size) {
    return OneDnnThreads.alone(
        () -> OneDnnMatmul.implementation(left(size), rightFactor(size), null, out(size)));
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
    return new OneDnnMatmul(left(size), rightFactor(size), null, out(size));
  }

  private static MemorySegment left(Size size) {
    return OneDnnObjects.matrix(OneDnn.dnnl_bf16(), size.rows, size.depth, size.depth, 1);
  }

  private static MemorySegment out(Size size) {
    return OneDnnObjects.matrix(OneDnn.dnnl_f32(), size.rows, size.columns, size.stride, 1);
  }

  private static MemorySegment rightFactor(Size size) {
    return size.values
        ? OneDnnObjects.pairedRows(size.depth, size.columns)
        : OneDnnObjects.matrix(OneDnn.dnnl_bf16(), size.depth, size.columns, 1, size.depth);
  }
}
