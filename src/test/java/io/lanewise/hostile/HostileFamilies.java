package io.lanewise.hostile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Sizes in the config of every family: too large, negative, or no numbers. */
final class HostileFamilies {
  private static final Path RESOURCES = Path.of("src", "test", "resources");
  private static final Path TASKS = RESOURCES.resolve("tasks");
  private static final Path HUB = RESOURCES.resolve("hub-folders");
  private static final Path FAMILIES = RESOURCES.resolve("families");
  private static final String MANY = "16777216";
  private static final String ASKED = "config.json asks for";
  private static final String MISSING = "missing tensor";

  private HostileFamilies() {}

  /**
   * A family's keys.
   *
   * @param manyLayers what is said of 4,096 layers; null if they are harmless
   * @param manyPositions what is said of 16,777,216 positions; likewise
   */
  private record Keys(
      Path model,
      String hidden,
      String layers,
      String heads,
      String positions,
      String manyLayers,
      String manyPositions) {
    /** The names that most families have. */
    static Keys usual(Path model, String manyLayers, String manyPositions) {
      return new Keys(
          model,
          "hidden_size",
          "num_hidden_layers",
          "num_attention_heads",
          "max_position_embeddings",
          manyLayers,
          manyPositions);
    }
  }

  private static List<Keys> families() {
    return List.of(
        Keys.usual(Path.of("weights", "albert-tiny-sentiment"), null, ASKED), // layers share
        new Keys(
            TASKS.resolve("classes-bart-labels"),
            "d_model",
            "decoder_layers",
            "decoder_attention_heads",
            "max_position_embeddings",
            MISSING,
            ASKED),
        Keys.usual(TASKS.resolve("classes-bert-labels"), MISSING, ASKED),
        Keys.usual(TASKS.resolve("classes-roberta-regression"), MISSING, ASKED),
        Keys.usual(TASKS.resolve("classes-nezha-labels"), MISSING, null),
        Keys.usual(TASKS.resolve("classes-longformer-labels"), "attention_window", ASKED),
        new Keys(
            HUB.resolve("distilbert-base-uncased-finetuned-sst-2-english"),
            "dim",
            "n_layers",
            "n_heads",
            "max_position_embeddings",
            MISSING,
            ASKED),
        Keys.usual(HUB.resolve("all-mpnet-base-v2"), MISSING, ASKED),
        Keys.usual(HUB.resolve("ms-marco-electra-base"), MISSING, ASKED),
        Keys.usual(HUB.resolve("camembert-ner"), MISSING, ASKED),
        Keys.usual(HUB.resolve("xlm-roberta-base"), MISSING, ASKED),
        Keys.usual(FAMILIES.resolve("xlmrxl_seqcls"), MISSING, ASKED),
        Keys.usual(HUB.resolve("deberta-base-mnli"), MISSING, ASKED),
        Keys.usual(HUB.resolve("deberta-v3-base-mnli-fever-anli"), MISSING, null),
        Keys.usual(HUB.resolve("gte-reranker-modernbert-base"), MISSING, null),
        Keys.usual(FAMILIES.resolve("roformer_seqcls"), MISSING, ASKED),
        new Keys(
            HUB.resolve("nomic-embed-text-v1.5"),
            "n_embd",
            "n_layer",
            "n_head",
            "n_positions",
            MISSING,
            null),
        Keys.usual(HUB.resolve("gte-base-en-v1.5"), MISSING, null),
        Keys.usual(HUB.resolve("jina-embeddings-v2-small-en"), MISSING, null));
  }

  static List<HostileCase> all() {
    var cases = new ArrayList<HostileCase>();
    for (var keys : families()) {
      var model = keys.model;
      for (var key : List.of("vocab_size", keys.hidden)) {
        cases.add(HostileSettings.config(model, key, MANY, ""));
      }
      for (var key : List.of("vocab_size", keys.hidden, keys.layers, keys.heads, keys.positions)) {
        for (var value : List.of("0", "-1", "1e308", "\"12\"", "2.5", "99999999999999999999")) {
          cases.add(HostileSettings.config(model, key, value, key));
        }
      }
      cases.add(HostileSettings.config(model, keys.layers, "4096", keys.manyLayers));
      cases.add(HostileSettings.config(model, keys.positions, MANY, keys.manyPositions));
    }
    cases.addAll(ownKeys());
    return cases;
  }

  /** What one family alone has. */
  private static List<HostileCase> ownKeys() {
    var cases = new ArrayList<HostileCase>();
    var first = HUB.resolve("deberta-base-mnli");
    var second = HUB.resolve("deberta-v3-base-mnli-fever-anli");
    cases.add(HostileSettings.config(first, "max_relative_positions", MANY, ASKED));
    cases.add(HostileSettings.config(second, "max_relative_positions", MANY, null));
    cases.add(HostileSettings.config(second, "position_buckets", MANY, ""));
    cases.add(HostileSettings.config(second, "pos_att_type", "[1]", "pos_att_type"));
    cases.add(HostileSettings.config(second, "conv_kernel_size", "16777217", ""));
    cases.add(HostileSettings.config(second, "conv_kernel_size", "-3", "conv_kernel_size"));
    var modern = HUB.resolve("gte-reranker-modernbert-base");
    cases.add(HostileSettings.config(modern, "local_attention", MANY, null));
    cases.add(HostileSettings.config(modern, "local_attention", "1e308", "local_attention"));
    cases.add(HostileSettings.config(modern, "local_attention", "[8]", "local_attention"));
    for (var value : List.of("0", "-1", "2.5")) {
      var key = "global_attn_every_n_layers";
      cases.add(HostileSettings.config(modern, key, value, key));
    }
    for (var value : List.of("0", "-1", "\"x\"")) {
      cases.add(HostileSettings.config(modern, "global_rope_theta", value, "global_rope_theta"));
    }
    cases.add(
        HostileSettings.config(modern, "classifier_pooling", "\"max\"", "classifier_pooling"));
    var mpnet = HUB.resolve("all-mpnet-base-v2");
    for (var value : List.of("0", "-1", MANY)) {
      var key = "relative_attention_num_buckets";
      cases.add(HostileSettings.config(mpnet, key, value, value.equals(MANY) ? ASKED : key));
    }
    var nomic = HUB.resolve("nomic-embed-text-v1.5");
    for (var value : List.of("-1", "1e308", "\"x\"")) {
      var key = "rotary_emb_fraction";
      cases.add(HostileSettings.config(nomic, key, value, key));
    }
    cases.add(HostileSettings.config(nomic, "pad_vocab_size_multiple", MANY, ""));
    cases.add(HostileSettings.config(nomic, "n_inner", MANY, ""));
    var gte = HUB.resolve("gte-base-en-v1.5");
    var scaling = "rope_scaling";
    cases.add(HostileSettings.config(gte, scaling, "{\"type\":\"ntk\",\"factor\":-1}", ""));
    cases.add(HostileSettings.config(gte, scaling, "{\"type\":\"ntk\",\"factor\":1e308}", null));
    cases.add(HostileSettings.config(gte, scaling, "{\"type\":\"yarn\"}", scaling));
    var jina = HUB.resolve("jina-embeddings-v2-small-en");
    cases.add(HostileSettings.config(jina, "feed_forward_type", "\"x\"", "feed_forward_type"));
    return cases;
  }
}
