package io.lanewise.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import java.util.Random;
import java.util.Set;

/**
 * A small model of BERT's family with random weights, one for each way in which it can know the
 * order of its tokens. Every count differs from every other.
 */
public enum TinyBert {
  BERT("bert", "absolute"),
  BERT_KEY("bert", "relative_key"),
  BERT_KEY_QUERY("bert", "relative_key_query"),
  ROBERTA("roberta", "absolute"),
  ROBERTA_KEY("roberta", "relative_key"),
  NEZHA("nezha", null),
  DISTILBERT("distilbert", null),
  MPNET("mpnet", null),
  ELECTRA("electra", "absolute"),
  XLM_ROBERTA_XL("xlm-roberta-xl", "absolute");

  public static final int VOCABULARY = 37;
  public static final int HIDDEN = 20;
  public static final int HEADS = 5;
  public static final int LAYERS = 3;
  public static final int POSITIONS = 18;

  /** Tokens that every one of them takes. */
  public static final int LONGEST = 16;

  /** The padding token of RoBERTa. */
  public static final int PADDING = 1;

  private final String type;
  private final String positionType;

  TinyBert(String type, String positionType) {
    this.type = type;
    this.positionType = positionType;
  }

  /**
   * Settings at which every layer matters, and norms that do not magnify the last bits of rows that
   * hardly vary.
   */
  public Config config() {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("model_type", type);
    tree.put("vocab_size", VOCABULARY);
    tree.put("hidden_size", HIDDEN);
    tree.put("num_attention_heads", HEADS);
    tree.put(this == DISTILBERT ? "hidden_dim" : "intermediate_size", 14);
    tree.put("num_hidden_layers", LAYERS);
    tree.put("max_position_embeddings", POSITIONS);
    tree.put("initializer_range", 0.3);
    tree.put("layer_norm_eps", 0.3);
    if (positionType != null) {
      tree.put("position_embedding_type", positionType);
    } else if (this == NEZHA) {
      tree.put("max_relative_position", 4);
    }
    return JsonConfig.of(tree, "tiny config");
  }

  /** An encoder. */
  public Model encoder(Options options) {
    return Model.random(config(), options);
  }

  /** A decoder without cross attention where that is wanted and the family has it. */
  public Model model(boolean decoder, Options options) {
    return decoder && decodes() ? decoder(false, options) : encoder(options);
  }

  /** Whether it can be a decoder. */
  public boolean decodes() {
    return this != DISTILBERT && this != MPNET;
  }

  /** Whether it takes an attention mask with a row for each token. */
  public boolean takesPairs() {
    return this != DISTILBERT;
  }

  /** Whether the padding can be left out: no distances count it. */
  public boolean leavesPaddingOut() {
    return Set.of(BERT, ROBERTA, DISTILBERT, ELECTRA, XLM_ROBERTA_XL).contains(this);
  }

  /** A decoder, with cross attention or without. */
  public Model decoder(boolean cross, Options options) {
    return Model.random(
        config().with("is_decoder", true).with("add_cross_attention", cross), options);
  }

  /** Whether tokens know where they are by the distance to others, or by counting real tokens. */
  public boolean ignoresPaddingOnTheLeft() {
    return !Set.of(BERT, DISTILBERT, ELECTRA).contains(this);
  }

  /** Random ids [batch, tokens], none of them padding. */
  public static long[][] ids(Random random, int batch, int tokens) {
    var ids = new long[batch][tokens];
    for (var row : ids) {
      for (int i = 0; i < tokens; i++) {
        row[i] = random.nextLong(PADDING + 1, VOCABULARY);
      }
    }
    return ids;
  }
}
