package io.lanewise.family.load;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.kernel.Activation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The settings that both versions of DeBERTa read under the same keys: what Hugging Face's {@code
 * DebertaConfig} and {@code DebertaV2Config} have in common.
 *
 * @param embedding features of a word embedding, {@code embedding_size}
 * @param positions {@code max_position_embeddings}
 * @param types of tokens, {@code type_vocab_size}; 0 where they count for nothing
 * @param biased whether positions are embedded too, {@code position_biased_input}
 * @param relative whether there are vectors of distances, {@code relative_attention}
 * @param farthest distance with a vector of its own, {@code max_relative_positions}
 * @param meetings the parts of {@code pos_att_type}
 * @param legacy whether the head of masked words has the older names
 * @param tied whether the words of the output are those of the input
 */
public record DebertaConfig(
    int vocabulary,
    int hidden,
    int embedding,
    int layers,
    int heads,
    int intermediate,
    Activation activation,
    int positions,
    int types,
    float epsilon,
    boolean biased,
    boolean relative,
    int farthest,
    List<String> meetings,
    boolean legacy,
    boolean tied) {
  /**
   * Reads the settings.
   *
   * @param vocabulary the defaults of the config class, here and in the others
   */
  public static DebertaConfig of(
      Config config, int vocabulary, int hidden, int layers, int heads, int intermediate) {
    int size = config.positive("hidden_size", hidden);
    int positions = config.positive("max_position_embeddings", 512);
    int farthest = config.bounded("max_relative_positions", -1, -1, Config.LARGEST);
    var settings =
        new DebertaConfig(
            config.positive("vocab_size", vocabulary),
            size,
            config.positive("embedding_size", size),
            config.positive("num_hidden_layers", layers, FamilySettings.MOST_LAYERS),
            config.positive("num_attention_heads", heads),
            config.positive("intermediate_size", intermediate),
            FamilySettings.activation(config, "gelu"),
            positions,
            config.bounded("type_vocab_size", 0, 0, Config.LARGEST),
            (float) config.decimal("layer_norm_eps", 1e-7, 0, 1),
            config.bool("position_biased_input", true),
            config.bool("relative_attention", false),
            farthest < 1 ? positions : farthest,
            meetings(config),
            config.bool("legacy", true),
            config.bool("tie_word_embeddings", true));
    FamilySettings.checkHeads(config, settings.hidden, settings.heads);
    if (config.positive("pooler_hidden_size", size) != size) {
      throw config.wrong(
          "pooler_hidden_size", "the pooler reads states: it is hidden_size " + size);
    }
    return settings;
  }

  /** {@code pos_att_type}: a list, or a text whose parts are divided by bars. */
  private static List<String> meetings(Config config) {
    var key = "pos_att_type";
    if (!config.has(key) || JsonConfig.tree(config).get(key).isArray()) {
      return config.texts(key);
    }
    return parts(config.text(key, ""));
  }

  /** The parts of a text that are divided by bars, in small letters. */
  public static List<String> parts(String text) {
    return Stream.of(text.toLowerCase(Locale.ROOT).split("\\|", -1)).map(String::strip).toList();
  }

  /** Whether queries meet the keys' vectors of distances. */
  public boolean meetsKeys() {
    return meetings.contains("c2p");
  }

  /** Whether keys meet the queries' vectors of distances. */
  public boolean meetsQueries() {
    return meetings.contains("p2c");
  }

  public int headSize() {
    return hidden / heads;
  }
}
