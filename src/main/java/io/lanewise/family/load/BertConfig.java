package io.lanewise.family.load;

import io.lanewise.checkpoint.Config;
import io.lanewise.kernel.Activation;
import io.lanewise.nn.PositionType;

/**
 * The settings that BERT and those that took over its layers read alike. The defaults are those of
 * Hugging Face's {@code BertConfig}; the other classes differ in {@code vocab_size} alone.
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
   * Reads the settings.
   *
   * @param vocabulary where config.json is silent
   */
  public static BertConfig of(Config config, int vocabulary) {
    var sizes =
        new BertConfig(
            config.positive("vocab_size", vocabulary),
            config.positive("hidden_size", 768),
            config.positive("num_hidden_layers", 12, FamilySettings.MOST_LAYERS),
            config.positive("num_attention_heads", 12),
            config.positive("intermediate_size", 3072),
            FamilySettings.activation(config, "gelu"),
            config.positive("max_position_embeddings", 512),
            config.positive("type_vocab_size", 2),
            (float) config.decimal("layer_norm_eps", 1e-12, 0, 1),
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
}
