package io.lanewise.model;

import io.lanewise.InputException;
import io.lanewise.family.stack.DecoderShape;
import io.lanewise.memory.MemoryBudget;
import io.lanewise.nn.attention.CachedTensors;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder remembers in one layer, {@code past_key_values[layer]} of Hugging Face's PyTorch
 * classes. As inputs and outputs they are called {@code past_key_values.0.key}, {@code
 * past_key_values.0.value}, {@code past_key_values.0.cross_key} and so on.
 *
 * @param key [batch, heads, tokens, headSize]
 * @param value the same
 * @param crossKey [batch, heads, source tokens, headSize]; null without cross attention
 * @param crossValue the same
 */
public record PastKeyValues(
    Tensor key, Tensor value, @Nullable Tensor crossKey, @Nullable Tensor crossValue) {
  private static final String NAME = "past_key_values.";

  /** The contents of a cache, layer by layer. */
  public static List<PastKeyValues> of(KeyValueCache cache) {
    var layers = new ArrayList<PastKeyValues>();
    for (int i = 0; i < cache.layers(); i++) {
      var own = CachedTensors.own(cache, i);
      var cross = cache.hasSource() ? CachedTensors.source(cache, i) : NO_SOURCE;
      layers.add(new PastKeyValues(own.key(), own.value(), cross.key(), cross.value()));
    }
    return List.copyOf(layers);
  }

  private static final CachedTensors NO_SOURCE = new CachedTensors(null, null);

  /** Adds the layers to outputs or inputs, by their names. */
  public static void put(List<PastKeyValues> layers, SequencedMap<String, Tensor> tensors) {
    for (int i = 0; i < layers.size(); i++) {
      var layer = layers.get(i);
      tensors.put(NAME + i + ".key", layer.key);
      tensors.put(NAME + i + ".value", layer.value);
      if (layer.crossKey != null) {
        tensors.put(NAME + i + ".cross_key", layer.crossKey);
        tensors.put(NAME + i + ".cross_value", layer.crossValue);
      }
    }
  }

  /** Whether some are among the inputs. */
  public static boolean areIn(Inputs inputs) {
    return inputs.tensors().keySet().stream().anyMatch(name -> name.startsWith(NAME));
  }

  /** The inputs without them. */
  public static Inputs without(Inputs inputs) {
    return inputs.without(NAME);
  }

  /** A cache that goes on where the past among the inputs ends. */
  public static KeyValueCache read(Inputs inputs, DecoderShape shape, MemoryBudget budget) {
    var past = new LinkedHashMap<String, Tensor>();
    inputs
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(NAME)) {
                past.put(name, tensor);
              }
            });
    var own = new ArrayList<CachedTensors>();
    var source = new ArrayList<CachedTensors>();
    boolean cross = past.containsKey(NAME + "0.cross_key");
    for (int i = 0; i < shape.layers(); i++) {
      own.add(take(past, i, "key", "value"));
      if (cross) {
        source.add(take(past, i, "cross_key", "cross_value"));
      }
    }
    if (!past.isEmpty()) {
      throw new InputException(
          past.firstEntry().getKey()
              + ": the decoder has "
              + shape.layers()
              + " layers, each with key and value"
              + (cross ? ", cross_key and cross_value" : ""));
    }
    return CachedTensors.restore(shape.heads(), shape.headSize(), own, source, budget);
  }

  private static CachedTensors take(Map<String, Tensor> past, int layer, String key, String value) {
    return new CachedTensors(
        take(past, NAME + layer + "." + key), take(past, NAME + layer + "." + value));
  }

  private static Tensor take(Map<String, Tensor> past, String name) {
    var tensor = past.remove(name);
    if (tensor == null) {
      throw new InputException(name + ": it is missing: give the past of all layers or none");
    }
    return tensor;
  }
}
