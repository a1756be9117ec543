package io.lanewise.nn.attention;

import io.lanewise.InputException;
import io.lanewise.kernel.KeyRows;
import io.lanewise.memory.MemoryBudget;
import io.lanewise.memory.Region;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.util.List;

/**
 * The keys and values of one layer as tensors on the heap, in one of two layouts: PyTorch's,
 * [batch, heads, tokens, headSize], or Flax's, [batch, slots, heads, headSize].
 */
public record CachedTensors(Tensor key, Tensor value) {
  /** Keys and values of the decoder's own tokens in this layer, in PyTorch's layout. */
  public static CachedTensors own(KeyValueCache cache, int layer) {
    return headsFirst(cache, cache.keys(layer), cache.values(layer), cache.batch(), cache.tokens());
  }

  /** Keys and values of the encoder's tokens in this layer, in PyTorch's layout. */
  public static CachedTensors source(KeyValueCache cache, int layer) {
    int width = cache.heads() * cache.headSize();
    var both = cache.source(layer);
    return headsFirst(
        cache,
        both.columns(0, width),
        both.columns(width, width),
        cache.sourceBatch(),
        cache.sourceTokens());
  }

  /** All slots of this layer, in Flax's layout. */
  public static CachedTensors slots(KeyValueCache cache, int layer) {
    long[] dims = {cache.batch(), cache.slots(), cache.heads(), cache.headSize()};
    int rows = Math.multiplyExact(cache.batch(), cache.slots());
    try (var scratch = Region.scratch()) {
      var all = scratch.matrix(rows, cache.heads() * cache.headSize());
      cache.keys(layer).gather(cache.batch(), cache.slots(), all);
      var keys = all.toTensor(dims);
      cache.values(layer).gather(cache.batch(), cache.slots(), all);
      return new CachedTensors(keys, all.toTensor(dims));
    }
  }

  private static CachedTensors headsFirst(
      KeyValueCache cache, KeyRows keys, KeyRows values, int batch, int tokens) {
    return new CachedTensors(
        headsFirst(cache, keys, batch, tokens), headsFirst(cache, values, batch, tokens));
  }

  private static Tensor headsFirst(KeyValueCache cache, KeyRows rows, int batch, int tokens) {
    int heads = cache.heads();
    int size = cache.headSize();
    var result = new float[Math.multiplyExact(Math.multiplyExact(batch, tokens), heads * size)];
    for (int b = 0; b < batch; b++) {
      var sequence =
          rows.sequence(b, batch, tokens).toArray(0, heads * size); // [tokens, heads, size]
      for (int t = 0; t < tokens; t++) {
        for (int h = 0; h < heads; h++) {
          int to = ((b * heads + h) * tokens + t) * size;
          System.arraycopy(sequence, (t * heads + h) * size, result, to, size);
        }
      }
    }
    return Tensor.of(result, batch, heads, tokens, size);
  }

  /**
   * A cache with the contents of tensors in PyTorch's layout.
   *
   * @param own of each layer
   * @param source of each layer; empty without an encoder
   * @throws InputException if the shapes do not fit each other or the model
   */
  public static KeyValueCache restore(
      int heads, int headSize, List<CachedTensors> own, List<CachedTensors> source) {
    return restore(heads, headSize, own, source, MemoryBudget.unlimited());
  }

  /** The same with memory of a budget. */
  public static KeyValueCache restore(
      int heads,
      int headSize,
      List<CachedTensors> own,
      List<CachedTensors> source,
      MemoryBudget budget) {
    var cache = KeyValueCache.growing(own.size(), heads, headSize, budget);
    try (var scratch = Region.scratch()) {
      var shape = checked("past_key_values", own, heads, headSize);
      int batch = shape.size(0);
      int tokens = shape.size(2);
      cache.reserve(batch, tokens);
      var k = scratch.matrix(batch * tokens, heads * headSize);
      var v = scratch.matrix(batch * tokens, heads * headSize);
      for (int layer = 0; layer < own.size(); layer++) {
        k.copyFrom(tokensFirst(own.get(layer).key), 0);
        v.copyFrom(tokensFirst(own.get(layer).value), 0);
        cache.append(layer, k, v);
      }
      if (!source.isEmpty()) {
        var sources = checked("past_key_values of the encoder", source, heads, headSize);
        cache.reserveSource(sources.size(0), sources.size(2), null);
        int width = heads * headSize;
        for (int layer = 0; layer < source.size(); layer++) {
          var both = cache.sourceRows(layer);
          both.columns(0, width).copyFrom(tokensFirst(source.get(layer).key), 0);
          both.columns(width, width).copyFrom(tokensFirst(source.get(layer).value), 0);
        }
      }
      cache.commit();
      return cache;
    } catch (RuntimeException e) {
      cache.close();
      throw e;
    }
  }

  /**
   * A cache of slots with the contents of tensors in Flax's layout.
   *
   * @param slots of each layer
   * @param filled slots of each sequence, {@code cache_index} of
   *     FlaxBartAttention._concatenate_to_cache in Hugging Face's modeling_flax_bart.py
   * @throws InputException if the shapes do not fit each other or the model
   */
  public static KeyValueCache restoreSlots(
      int heads, int headSize, List<CachedTensors> slots, int filled) {
    var shape = slots.getFirst().key.shape();
    for (var layer : slots) {
      if (shape.rank() != 4
          || !shape.equals(layer.key.shape())
          || !shape.equals(layer.value.shape())
          || !shape.is(shape.dim(0), shape.dim(1), heads, headSize)
          || shape.count() == 0) {
        throw wrongShape("past_key_values", layer, "batch, max_length, " + heads + ", " + headSize);
      }
    }
    if (filled < 0 || filled > shape.size(1)) {
      throw new InputException(
          "cache_index: " + filled + " of " + shape.dim(1) + " slots cannot be filled");
    }
    var cache = KeyValueCache.slots(slots.size(), heads, headSize, shape.size(0), shape.size(1));
    try (var scratch = Region.scratch()) {
      int rows = Math.multiplyExact(shape.size(0), shape.size(1));
      var k = scratch.matrix(rows, heads * headSize);
      var v = scratch.matrix(rows, heads * headSize);
      for (int layer = 0; layer < slots.size(); layer++) {
        k.copyFrom(slots.get(layer).key.floats(), 0);
        v.copyFrom(slots.get(layer).value.floats(), 0);
        cache.append(layer, k, v);
      }
    }
    cache.reserve(shape.size(0), filled);
    cache.commit();
    return cache;
  }

  private static Shape checked(String what, List<CachedTensors> layers, int heads, int headSize) {
    var shape = layers.getFirst().key.shape();
    for (var layer : layers) {
      if (shape.rank() != 4
          || !shape.equals(layer.key.shape())
          || !shape.equals(layer.value.shape())
          || !shape.is(shape.dim(0), heads, shape.dim(2), headSize)
          || shape.count() == 0) {
        throw wrongShape(what, layer, "batch, " + heads + ", tokens, " + headSize);
      }
    }
    return shape;
  }

  private static InputException wrongShape(String what, CachedTensors layer, String wanted) {
    return new InputException(
        what
            + ": a layer has keys "
            + layer.key.shape()
            + " and values "
            + layer.value.shape()
            + ", all layers must have the same ["
            + wanted
            + "]");
  }

  /** [batch, heads, tokens, headSize] to [batch * tokens, heads * headSize]. */
  private static float[] tokensFirst(Tensor tensor) {
    int batch = tensor.shape().size(0);
    int heads = tensor.shape().size(1);
    int tokens = tensor.shape().size(2);
    int size = tensor.shape().size(3);
    var values = tensor.floats();
    var result = new float[values.length];
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        for (int t = 0; t < tokens; t++) {
          int from = ((b * heads + h) * tokens + t) * size;
          System.arraycopy(values, from, result, ((b * tokens + t) * heads + h) * size, size);
        }
      }
    }
    return result;
  }
}
