package io.lanewise.family.load;

import io.lanewise.checkpoint.Config;
import java.util.Map;

/**
 * Settings under names that Hugging Face's config classes read besides today's. What these classes
 * of transformers 4.57 ignore is ignored here, too: {@code classif_dropout}, {@code
 * normalize_before}, {@code _num_labels} and the like of older versions, {@code
 * gradient_checkpointing}, {@code return_dict}, {@code torchscript}, {@code
 * chunk_size_feed_forward} and {@code use_cache}, which change no number.
 */
public final class OldNames {
  private static final String TIED = "tie_word_embeddings";

  private OldNames() {}

  /** What holds for all families: Python takes a {@code null} for no. */
  public static Config today(Config config) {
    return isNull(config, TIED) ? config.with(TIED, false) : config;
  }

  /**
   * {@code attribute_map} of a config class ({@code PretrainedConfig.__setattr__}). Where a file
   * has both names, the old one counts, as in Hugging Face, which sets it last.
   *
   * @param names old names to today's
   */
  public static Config today(Config config, Map<String, String> names) {
    var today = config;
    for (var name : names.entrySet()) {
      if (config.has(name.getKey())) {
        today = today.with(name.getValue(), config.tree().get(name.getKey()));
      }
    }
    return today;
  }

  /** Whether a file says {@code null}, where leaving the key out means something else. */
  public static boolean isNull(Config config, String key) {
    return config.tree().has(key) && !config.has(key);
  }
}
