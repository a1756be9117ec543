package io.lanewise.family.load;

import io.lanewise.checkpoint.Config;
import io.lanewise.kernel.Activation;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.PositionType;

/**
 * The settings that BERT and those that took over its layers read under the same keys: Hugging
 * Face's {@code BertConfig}.
 *
 * @param positions longest sequence, {@code max_position_embeddings}
 * @param types of tokens, {@code type_vocab_size}
 * @param decoder whether tokens see those before them alone, and may have a cache
 * @param cross whether the layers look at the states of an encoder too
 * @param tied whether the words of the output are those of the input
 */
public record BertConfig(
    int vocabulary,
    int hidden,
    int layers,
    int heads,
    int intermediate,
    Activation activation,
    int positions,
    int types,
    float epsilon,
    PositionType positionType,
    boolean decoder,
    boolean cross,
    boolean tied) {

  /**
   * What a config class has where config.json is silent; {@code save_pretrained} leaves out what
   * equals it.
   */
  public record Defaults(
      int vocabulary,
      int hidden,
      int layers,
      int heads,
      int intermediate,
      String activation,
      int positions,
      int types,
      double epsilon) {
    /** Those of {@code BertConfig}; the classes of several families differ in the first alone. */
    public static Defaults ofBert(int vocabulary) {
      return new Defaults(vocabulary, 768, 12, 12, 3072, "gelu", 512, 2, 1e-12);
    }
  }

  /**
   * Reads the settings of a class with the defaults of {@code BertConfig}.
   *
   * @param vocabulary the default of {@code vocab_size}
   */
  public static BertConfig of(Config config, int vocabulary) {
    return of(config, Defaults.ofBert(vocabulary));
  }

  /** Reads the settings. */
  public static BertConfig of(Config config, Defaults absent) {
    var sizes =
        new BertConfig(
            config.positive("vocab_size", absent.vocabulary),
            config.positive("hidden_size", absent.hidden),
            config.positive("num_hidden_layers", absent.layers, FamilySettings.MOST_LAYERS),
            config.positive("num_attention_heads", absent.heads),
            config.positive("intermediate_size", absent.intermediate),
            FamilySettings.activation(config, absent.activation),
            config.positive("max_position_embeddings", absent.positions),
            config.positive("type_vocab_size", absent.types),
            (float) config.decimal("layer_norm_eps", absent.epsilon, 0, 1),
            FamilySettings.positionType(config),
            config.bool("is_decoder", false),
            config.bool("add_cross_attention", false),
            config.bool("tie_word_embeddings", true));
    FamilySettings.checkHeads(config, sizes.hidden, sizes.heads);
    if (sizes.cross && !sizes.decoder) {
      throw config.wrong("add_cross_attention", "only a decoder has it: set is_decoder too");
    }
    return sizes;
  }

  public int headSize() {
    return hidden / heads;
  }

  /**
   * {@code pad_token_id} where it is the position of the padding too, and those of the tokens
   * follow it.
   */
  public int padding(Config config) {
    int padding = config.bounded("pad_token_id", 1, 0, vocabulary - 1);
    if (padding >= positions - 1) {
      throw config.wrong(
          "max_position_embeddings",
          positions + " leave none for tokens, which follow pad_token_id " + padding);
    }
    return padding;
  }

  /**
   * What training drops in the layers: {@code hidden_dropout_prob} and {@code
   * attention_probs_dropout_prob}.
   *
   * @param features of what a classification's first layer reads
   * @param classifier of what its last layer reads
   */
  public static Dropout.Rates dropout(Config config, double features, double classifier) {
    double hidden = hiddenDropout(config);
    double attention = FamilySettings.rate(config, "attention_probs_dropout_prob", 0.1);
    return new Dropout.Rates(hidden, hidden, attention, 0, features, classifier);
  }

  /** {@code hidden_dropout_prob}. */
  public static double hiddenDropout(Config config) {
    return FamilySettings.rate(config, "hidden_dropout_prob", 0.1);
  }
}
