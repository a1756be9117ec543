package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import java.util.Map;

/**
 * Settings under names that Hugging Face's config classes read besides today's, and settings that
 * change what others mean. What these classes of transformers 4.57 ignore is ignored here, too:
 * {@code classif_dropout}, {@code normalize_before}, {@code _num_labels} and the like of older
 * versions, {@code gradient_checkpointing}, {@code return_dict}, {@code torchscript}, {@code
 * chunk_size_feed_forward} and {@code use_cache}, which change no number.
 */
public final class OldNames {
  /** {@code BartConfig.attribute_map}; the only one among the families. */
  private static final Map<String, String> OF_BART =
      Map.of("hidden_size", "d_model", "num_attention_heads", "encoder_attention_heads");

  private static final String TIED = "tie_word_embeddings";
  private static final String FORCE = "force_bos_token_to_be_generated";
  private static final String FORCED = "forced_bos_token_id";

  private OldNames() {}

  /**
   * The settings under today's names.
   *
   * @param family {@code model_type}
   * @throws io.lanewise.CheckpointException if a setting asks for what is not built
   */
  public static Config today(String family, Config config) {
    var today = isNull(config, TIED) ? config.with(TIED, false) : config; // as Python takes it
    return family.equals("bart") ? bart(today) : today;
  }

  /** Whether a file says {@code null}, where leaving the key out means something else. */
  static boolean isNull(Config config, String key) {
    return JsonConfig.tree(config).has(key) && !config.has(key);
  }

  private static Config bart(Config config) {
    var today = config;
    for (var name : OF_BART.entrySet()) {
      if (config.has(name.getKey())) {
        // Where a file has both, the old name wins in Hugging Face: it is set last.
        today = today.with(name.getValue(), JsonConfig.tree(config).get(name.getKey()));
      }
    }
    if (config.bool("tie_encoder_decoder", false) && config.bool("is_encoder_decoder", true)) {
      throw config.wrong(
          "tie_encoder_decoder",
          "an encoder and a decoder with the same weights are not built: set it to false, if the"
              + " file holds both");
    }
    if (config.bool(FORCE, false) && !config.has(FORCED)) {
      return isNull(config, "bos_token_id")
          ? today
          : today.with(FORCED, config.integer("bos_token_id", 0));
    }
    return today;
  }
}
