package io.lanewise.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import java.util.Random;

/** A small BART with random weights. Every count differs from every other. */
public final class TinyBart {
  public static final int VOCABULARY = 37;
  public static final int HIDDEN = 20;
  public static final int LAYERS = 3; // of the decoder
  public static final int HEADS = 4; // of the decoder

  /** Tokens that either half takes. */
  public static final int LONGEST = 16;

  public static final int PADDING = 1;
  public static final int END = 2;

  private TinyBart() {}

  /** Settings at which every layer matters, and no norm divides by next to nothing. */
  public static Config config() {
    var tree = JsonNodeFactory.instance.objectNode();
    tree.put("model_type", "bart");
    tree.put("vocab_size", VOCABULARY);
    tree.put("d_model", HIDDEN);
    tree.put("encoder_layers", 2);
    tree.put("decoder_layers", LAYERS);
    tree.put("encoder_attention_heads", 5);
    tree.put("decoder_attention_heads", HEADS);
    tree.put("encoder_ffn_dim", 14);
    tree.put("decoder_ffn_dim", 18);
    tree.put("max_position_embeddings", LONGEST);
    tree.put("init_std", 0.3);
    return JsonConfig.of(tree, "tiny config");
  }

  /** A model of these settings. */
  public static Model model(Options options) {
    return Model.random(config(), options);
  }

  /** Random ids [batch, tokens], none of them special. */
  public static long[][] ids(Random random, int batch, int tokens) {
    var ids = new long[batch][tokens];
    for (var row : ids) {
      for (int i = 0; i < tokens; i++) {
        row[i] = random.nextLong(END + 1, VOCABULARY);
      }
    }
    return ids;
  }

  /** A random mask [batch, tokens] with padding on the right, at least one token in each row. */
  public static long[][] seen(Random random, int batch, int tokens) {
    var seen = new long[batch][tokens];
    for (var row : seen) {
      java.util.Arrays.fill(row, 0, 1 + random.nextInt(tokens), 1);
    }
    return seen;
  }
}
