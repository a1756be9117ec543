package io.lanewise.model;

import io.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a decoder remembers in one layer, {@code past_key_values[layer]} of Hugging Face's PyTorch
 * classes. As inputs and outputs they are called {@code past_key_values.0.key}, {@code
 * past_key_values.0.value}, {@code past_key_values.0.cross_key} and so on.
 *
 * @param key [batch, heads, tokens, headSize]
 * @param value the same
 * @param crossKey [batch, heads, source tokens, headSize]; empty without cross attention
 * @param crossValue the same
 */
public record PastKeyValues(
    Tensor key, Tensor value, Optional<Tensor> crossKey, Optional<Tensor> crossValue) {
  private static final String NAME = "past_key_values.";

  /** Adds the layers to outputs or inputs, by their names. */
  static void put(List<PastKeyValues> layers, SequencedMap<String, Tensor> tensors) {
    for (int i = 0; i < layers.size(); i++) {
      var layer = layers.get(i);
      var name = NAME + i;
      tensors.put(name + ".key", layer.key);
      tensors.put(name + ".value", layer.value);
      layer.crossKey.ifPresent(cross -> tensors.put(name + ".cross_key", cross));
      layer.crossValue.ifPresent(cross -> tensors.put(name + ".cross_value", cross));
    }
  }
}
