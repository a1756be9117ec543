package io.lanewise.generate;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import java.util.Map;
import java.util.Set;

/**
 * The keys of Hugging Face's {@code GenerationConfig} (generation/configuration_utils.py), and
 * whether each is supported.
 */
final class GenerationKeys {
  /** Read by {@link GenerationConfig}. */
  private static final Set<String> READ =
      Set.of(
          "max_length",
          "max_new_tokens",
          "min_length",
          "min_new_tokens",
          "num_beams",
          "num_return_sequences",
          "length_penalty",
          "early_stopping",
          "bos_token_id",
          "eos_token_id",
          "pad_token_id",
          "decoder_start_token_id",
          "forced_bos_token_id",
          "forced_eos_token_id",
          "repetition_penalty",
          "no_repeat_ngram_size",
          "output_logits",
          "do_sample",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "epsilon_cutoff",
          "eta_cutoff",
          "bad_words_ids",
          "stop_strings",
          "encoder_repetition_penalty",
          "encoder_no_repeat_ngram_size",
          "sequence_bias",
          "suppress_tokens",
          "begin_suppress_tokens",
          "exponential_decay_length_penalty",
          "remove_invalid_values",
          "renormalize_logits",
          "max_time");

  /**
   * Without effect on the generated ids; those with {@code assistant} in their names need a second
   * model, which is not supported.
   */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "use_cache",
          "cache_implementation",
          "cache_config",
          "return_dict_in_generate",
          "output_attentions",
          "output_hidden_states",
          "output_scores",
          "low_memory",
          "prefill_chunk_size",
          "compile_config",
          "disable_compile",
          "return_legacy_cache",
          "num_assistant_tokens",
          "num_assistant_tokens_schedule",
          "assistant_confidence_threshold",
          "max_matching_ngram_size",
          "assistant_lookbehind",
          "target_lookbehind");

  /** Arguments of a call, which Hugging Face refuses in a file. */
  private static final Set<String> OF_CALLS =
      Set.of(
          "logits_processor",
          "stopping_criteria",
          "prefix_allowed_tokens_fn",
          "synced_gpus",
          "assistant_model",
          "streamer",
          "negative_prompt_ids",
          "negative_prompt_attention_mask",
          "use_model_defaults");

  /** Not supported: only the value without effect is accepted, or none. */
  private static final Map<String, String> NEUTRAL =
      Map.ofEntries(
          Map.entry("num_beam_groups", "1"),
          Map.entry("diversity_penalty", "0"),
          Map.entry("penalty_alpha", "0"),
          Map.entry("guidance_scale", "1"),
          Map.entry("token_healing", "false"),
          Map.entry("is_assistant", "false"),
          Map.entry("force_words_ids", "null"),
          Map.entry("constraints", "null"),
          Map.entry("forced_decoder_ids", "null"),
          Map.entry("prompt_lookup_num_tokens", "null"),
          Map.entry("assistant_early_exit", "null"),
          Map.entry("dola_layers", "null"),
          Map.entry("watermarking_config", "null"));

  private GenerationKeys() {}

  /** Whether Hugging Face has a setting of this name. */
  static boolean isKnown(String key) {
    return READ.contains(key) || WITHOUT_EFFECT.contains(key) || NEUTRAL.containsKey(key);
  }

  /**
   * Refuses a key that Hugging Face does not have.
   *
   * @throws InputException if it is none
   */
  static void check(String key) {
    if (!isKnown(key)) {
      throw new InputException(key + ": there is no such setting of generation");
    }
  }

  /** Refuses settings that would change the result and are not built. */
  static void checkSupported(Config config) {
    var tree = JsonConfig.tree(config);
    for (var key : OF_CALLS) {
      if (config.has(key)) {
        throw config.wrong(key, "it is no setting of a file but an argument: take it out");
      }
    }
    NEUTRAL.forEach(
        (key, neutral) -> {
          if (config.has(key) && !isNeutral(tree.get(key), neutral)) {
            throw config.wrong(
                key,
                "it is "
                    + shortened(config, key)
                    + ", which cannot be done yet: "
                    + (neutral.equals("null") ? "leave it out" : "leave it at " + neutral));
          }
        });
  }

  private static boolean isNeutral(JsonNode value, String neutral) {
    return value.isNumber()
        ? String.valueOf(value.doubleValue()).equals(neutral + ".0")
        : value.isContainerNode() ? value.isEmpty() : value.asText().equals(neutral);
  }

  private static String shortened(Config config, String key) {
    var text = config.shown(key);
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
