package io.lanewise.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/** A small ALBERT for tests; every count differs from every other, so that no mix-up hides. */
public final class TinyAlbert {
  public static final int VOCABULARY = 37;
  public static final int EMBEDDING = 6;
  public static final int HIDDEN = 20;
  public static final int HEADS = 5;
  public static final int LAYERS = 3;
  public static final int POSITIONS = 16;

  private TinyAlbert() {}

  /**
   * Its settings: an initializer range at which every layer matters, and an epsilon that keeps the
   * norms of a few columns from magnifying the last bits of rows that hardly vary.
   */
  public static Config config() {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("model_type", "albert");
    tree.put("vocab_size", VOCABULARY);
    tree.put("embedding_size", EMBEDDING);
    tree.put("hidden_size", HIDDEN);
    tree.put("num_attention_heads", HEADS);
    tree.put("intermediate_size", 14);
    tree.put("num_hidden_layers", LAYERS);
    tree.put("max_position_embeddings", POSITIONS);
    tree.put("initializer_range", 0.3);
    tree.put("layer_norm_eps", 0.3);
    return JsonConfig.of(tree, "tiny config");
  }

  /** A model with random weights. */
  public static Model model(Options options) {
    return Model.random(config(), options);
  }

  /** Random ids [batch, tokens]. */
  public static long[][] ids(Random random, int batch, int tokens) {
    var ids = new long[batch][tokens];
    for (var row : ids) {
      for (int i = 0; i < tokens; i++) {
        row[i] = random.nextInt(VOCABULARY);
      }
    }
    return ids;
  }

  /** Writes a model folder. */
  public static void write(Path folder, Config config, SequencedMap<String, Tensor> tensors)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), JsonConfig.tree(config).toString());
    Safetensors.write(folder.resolve("model.safetensors"), tensors);
  }

  /**
   * The tensors of an AlbertForMaskedLM of these groups and inner layers, as the file names them.
   */
  public static SequencedMap<String, Tensor> tensors(long seed, int groups, int innerLayers) {
    var random = new Random(seed);
    var tensors = new LinkedHashMap<String, Tensor>();
    put(tensors, random, "albert.embeddings.word_embeddings.weight", VOCABULARY, EMBEDDING);
    put(tensors, random, "albert.embeddings.position_embeddings.weight", POSITIONS, EMBEDDING);
    put(tensors, random, "albert.embeddings.token_type_embeddings.weight", 2, EMBEDDING);
    norm(tensors, random, "albert.embeddings.LayerNorm", EMBEDDING);
    linear(tensors, random, "albert.encoder.embedding_hidden_mapping_in", HIDDEN, EMBEDDING);
    for (int group = 0; group < groups; group++) {
      for (int inner = 0; inner < innerLayers; inner++) {
        layer(tensors, random, layerName(group, inner));
      }
    }
    linear(tensors, random, "predictions.dense", EMBEDDING, HIDDEN);
    norm(tensors, random, "predictions.LayerNorm", EMBEDDING);
    put(tensors, random, "predictions.bias", VOCABULARY);
    return tensors;
  }

  /** Where an inner layer of a group lies in a file. */
  public static String layerName(int group, int inner) {
    return "albert.encoder.albert_layer_groups." + group + ".albert_layers." + inner + ".";
  }

  private static void layer(Map<String, Tensor> tensors, Random random, String name) {
    for (var part : new String[] {"query", "key", "value", "dense"}) {
      linear(tensors, random, name + "attention." + part, HIDDEN, HIDDEN);
    }
    norm(tensors, random, name + "attention.LayerNorm", HIDDEN);
    linear(tensors, random, name + "ffn", 14, HIDDEN);
    linear(tensors, random, name + "ffn_output", HIDDEN, 14);
    norm(tensors, random, name + "full_layer_layer_norm", HIDDEN);
  }

  private static void linear(
      Map<String, Tensor> tensors, Random random, String name, int outputs, int inputs) {
    put(tensors, random, name + ".weight", outputs, inputs);
    put(tensors, random, name + ".bias", outputs);
  }

  private static void norm(Map<String, Tensor> tensors, Random random, String name, int columns) {
    put(tensors, random, name + ".weight", columns);
    put(tensors, random, name + ".bias", columns);
  }

  private static void put(Map<String, Tensor> tensors, Random random, String name, long... dims) {
    int count = 1;
    for (long dim : dims) {
      count *= (int) dim;
    }
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * 0.4f;
    }
    tensors.put(name, Tensor.of(values, dims));
  }
}
