package io.lanewise.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;

/**
 * A small DeBERTa with random weights, one for each way in which it can know the order of its
 * tokens. None embeds positions, so that it takes any length and padding may stand anywhere.
 */
public enum TinyDeberta {
  /** As DeBERTa-v3: few buckets, so that most distances share one. */
  V3("deberta-v2"),
  /** Layers of their own for the distances, each of which has a vector, and a convolution. */
  V2_CONVOLUTION("deberta-v2"),
  /** No distances at all. */
  V2_PLAIN("deberta-v2"),
  /** Fewer vectors than distances. */
  V1("deberta"),
  V1_TALKING("deberta");

  private final String type;

  TinyDeberta(String type) {
    this.type = type;
  }

  /** Settings at which every layer matters, as {@link TinyBert} has them. */
  public Config config() {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("model_type", type);
    tree.put("vocab_size", TinyBert.VOCABULARY);
    tree.put("hidden_size", TinyBert.HIDDEN);
    tree.put("num_attention_heads", TinyBert.HEADS);
    tree.put("intermediate_size", 14);
    tree.put("num_hidden_layers", TinyBert.LAYERS);
    tree.put("max_position_embeddings", TinyBert.POSITIONS);
    tree.put("position_biased_input", false);
    tree.put("initializer_range", 0.3);
    tree.put("layer_norm_eps", 0.3);
    tree.put("relative_attention", this != V2_PLAIN);
    if (this != V2_PLAIN) {
      tree.put("pos_att_type", "c2p|p2c");
    }
    own(tree);
    return JsonConfig.of(tree, "tiny config");
  }

  private void own(ObjectNode tree) {
    switch (this) {
      case V3 ->
          tree.put("position_buckets", 6)
              .put("share_att_key", true)
              .put("norm_rel_ebd", "layer_norm");
      case V2_CONVOLUTION -> tree.put("conv_kernel_size", 3).put("max_relative_positions", 5);
      case V2_PLAIN -> {}
      case V1, V1_TALKING ->
          tree.put("talking_head", this == V1_TALKING).put("max_relative_positions", 5);
    }
  }

  /** Whether Hugging Face has no class for multiple choice. */
  public boolean hasNoChoice() {
    return type.equals("deberta");
  }

  /** The model, with whatever the options say. */
  public Model model(Options options) {
    return Model.random(config(), options);
  }
}
