package io.lanewise.checkpoint.weights;

import io.lanewise.checkpoint.format.StoredTensor;
import io.lanewise.checkpoint.format.TensorBytes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Converts old tensor names of a checkpoint to those that Hugging Face's current releases save. */
public final class CurrentNames {
  /** Suffixes of tensors that models tie to other tensors at load time. */
  private static final List<String> TIED =
      List.of("decoder.weight", "decoder.bias", "lm_head.weight", "embed_tokens.weight");

  private CurrentNames() {}

  /**
   * Renames tensors, and drops those that are not needed.
   *
   * @param ties whether the model ties its output to its word embeddings
   */
  public static SavedTensors of(SequencedMap<String, StoredTensor> tensors, boolean ties) {
    var kept = new LinkedHashMap<String, StoredTensor>();
    Map<TensorBytes, String> places = new HashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          boolean copy = places.putIfAbsent(tensor.bytes(), name) != null;
          boolean tied = ties && TIED.stream().anyMatch(name::endsWith);
          if (!Ledger.isIgnorable(name) && !(copy && tied)) {
            var today = today(name);
            kept.put(tensors.containsKey(today) ? name : today, tensor);
          }
        });
    return new SavedTensors(kept);
  }

  /**
   * Layer norms had other names in old releases: {@code gamma} and {@code beta}
   * (PreTrainedModel._fix_state_dict_key_on_load in Hugging Face's modeling_utils.py).
   */
  private static String today(String name) {
    if (name.endsWith("LayerNorm.gamma")) {
      return name.substring(0, name.length() - "gamma".length()) + "weight";
    }
    return name.endsWith("LayerNorm.beta")
        ? name.substring(0, name.length() - "beta".length()) + "bias"
        : name;
  }
}
