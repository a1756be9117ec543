package io.lanewise.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.model.Inputs;
import java.util.Arrays;
import java.util.Random;

/** What the measurements of callers and of memory run: BERT of any size, random ids. */
final class BenchModel {
  private static final int VOCABULARY = 1000;

  private BenchModel() {}

  /** The settings of a BERT with this many layers of this width. */
  static Config bert(int layers, int hidden) {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("model_type", "bert");
    tree.put("vocab_size", VOCABULARY);
    tree.put("hidden_size", hidden);
    tree.put("num_hidden_layers", layers);
    tree.put("num_attention_heads", hidden / 32);
    tree.put("intermediate_size", 4 * hidden);
    tree.put("max_position_embeddings", 512);
    return JsonConfig.of(tree, "bench model");
  }

  /** The same ids every time. */
  static Inputs inputs(int batch, int tokens) {
    var random = new Random(3);
    var ids = new int[batch][tokens];
    for (int[] row : ids) {
      Arrays.setAll(row, _ -> random.nextInt(5, VOCABULARY));
    }
    return Inputs.ids(ids);
  }
}
