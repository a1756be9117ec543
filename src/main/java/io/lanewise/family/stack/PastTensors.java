package io.lanewise.family.stack;

import io.lanewise.InputException;
import io.lanewise.family.input.NamedInputs;
import io.lanewise.memory.MemoryBudget;
import io.lanewise.model.Inputs;
import io.lanewise.model.Output.PastKeyValues;
import io.lanewise.nn.attention.CachedTensors;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The past of a decoder among inputs and in caches, {@link PastKeyValues} by their names. */
final class PastTensors {
  private static final String NAME = "past_key_values.";

  private PastTensors() {}

  /** The contents of a cache, layer by layer. */
  static List<PastKeyValues> of(KeyValueCache cache) {
    var layers = new ArrayList<PastKeyValues>();
    for (int i = 0; i < cache.layers(); i++) {
      var own = CachedTensors.own(cache, i);
      var cross =
          cache.hasSource()
              ? Optional.of(CachedTensors.source(cache, i))
              : Optional.<CachedTensors>empty();
      layers.add(
          new PastKeyValues(
              own.key(),
              own.value(),
              cross.map(CachedTensors::key),
              cross.map(CachedTensors::value)));
    }
    return List.copyOf(layers);
  }

  /** Whether some are among the inputs. */
  static boolean areIn(Inputs inputs) {
    return inputs.tensors().keySet().stream().anyMatch(name -> name.startsWith(NAME));
  }

  /** The inputs without them. */
  static Inputs without(Inputs inputs) {
    return NamedInputs.of(inputs).without(NAME);
  }

  /** A cache that goes on where the past among the inputs ends. */
  static KeyValueCache read(Inputs inputs, DecoderShape shape, MemoryBudget budget) {
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
