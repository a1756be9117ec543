package io.lanewise.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;

/**
 * A small model with random weights of a family that knows distances alone: by rotary positions or
 * by linear biases. Every count differs from every other.
 */
public enum TinyRotary {
  MODERNBERT {
    @Override
    void settle(ObjectNode tree) {
      tree.put("model_type", "modernbert");
      tree.put("local_attention", 6);
      tree.put("norm_eps", 0.3);
      tree.put("pad_token_id", 0);
    }
  },
  ROFORMER {
    @Override
    void settle(ObjectNode tree) {
      tree.put("model_type", "roformer");
      tree.put("embedding_size", 13);
      tree.put("layer_norm_eps", 0.3);
    }
  },
  NOMIC {
    @Override
    void settle(ObjectNode tree) {
      tree.remove("intermediate_size");
      tree.put("model_type", "nomic_bert");
      tree.put("n_inner", 14);
      tree.put("activation_function", "swiglu");
      tree.put("layer_norm_epsilon", 0.3);
      tree.put("moe_every_n_layers", 3);
      tree.put("num_experts", 4);
      tree.put("moe_top_k", 2);
    }
  },
  GTE {
    @Override
    void settle(ObjectNode tree) {
      tree.put("model_type", "new");
      tree.put("layer_norm_eps", 0.3);
      tree.put("logn_attention_scale", true);
      tree.putObject("rope_scaling").put("type", "ntk").put("factor", 2.0);
    }
  },
  JINA {
    @Override
    void settle(ObjectNode tree) {
      tree.put("model_type", "bert");
      tree.put("position_embedding_type", "alibi");
      tree.put("feed_forward_type", "geglu");
      tree.put("layer_norm_eps", 0.3);
    }
  };

  public static final int VOCABULARY = 37;
  public static final int LAYERS = 4;

  /** Sets what the family reads besides the sizes. */
  abstract void settle(ObjectNode tree);

  /** Settings at which every layer matters. */
  public Config config() {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("vocab_size", VOCABULARY);
    tree.put("hidden_size", 20);
    tree.put("num_attention_heads", 5);
    tree.put("intermediate_size", 14);
    tree.put("num_hidden_layers", LAYERS);
    tree.put("max_position_embeddings", 18);
    tree.put("initializer_range", 0.3);
    settle(tree);
    return JsonConfig.of(tree, "tiny config");
  }

  /** An encoder. */
  public Model encoder(Options options) {
    return Model.random(config(), options);
  }
}
