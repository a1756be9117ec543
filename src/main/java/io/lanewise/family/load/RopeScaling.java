package io.lanewise.family.load;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.nn.attention.RotaryFrequencies;
import io.lanewise.text.Excerpt;
import org.jspecify.annotations.Nullable;

/**
 * {@code rope_scaling}, by which longer sequences are turned more slowly than in training: Hugging
 * Face's {@code modeling_rope_utils.py}. Each family builds those types that its class knows, and
 * refuses the others by name.
 *
 * @param type {@code rope_type}, or {@code type} as older files have it
 */
public record RopeScaling(Config config, String type, JsonNode settings) {
  private static final String KEY = "rope_scaling";

  /**
   * Reads it.
   *
   * @return null if there is none
   */
  public static @Nullable RopeScaling of(Config config) {
    if (!config.has(KEY)) {
      return null;
    }
    var settings = JsonConfig.tree(config).get(KEY);
    var type = settings.has("rope_type") ? settings.get("rope_type") : settings.get("type");
    if (!settings.isObject() || type == null || !type.isTextual()) {
      throw config.wrong(KEY, "it must be an object with a rope_type");
    }
    return new RopeScaling(config, type.textValue(), settings);
  }

  /** The type {@code linear} alone, over these frequencies. */
  public static RotaryFrequencies linear(Config config, RotaryFrequencies frequencies) {
    var scaling = of(config);
    if (scaling == null || scaling.type.equals("default")) {
      return frequencies;
    }
    if (!scaling.type.equals("linear")) {
      throw scaling.unknown("default, linear");
    }
    return frequencies.slowedBy(scaling.factor());
  }

  /** {@code factor}, at least 1. */
  public double factor() {
    return number("factor", 1);
  }

  /** A setting of it. */
  public double number(String key, double least) {
    var value = settings.get(key);
    if (value == null || !value.isNumber() || !(value.doubleValue() >= least)) {
      throw config.wrong(KEY, "its " + key + " must be a number of at least " + least);
    }
    return value.doubleValue();
  }

  /**
   * For a family that does not build this type.
   *
   * @param known those that it builds
   */
  public CheckpointException unknown(String known) {
    return config.wrong(
        KEY, "the type " + Excerpt.of(type) + " is not built for this family: " + known + " are");
  }

  /** Checks that heads are turned as a whole, in pairs. */
  public static void checkWholeHeads(Config config, int headSize) {
    if (headSize % 2 != 0) {
      throw config.wrong(
          "num_attention_heads", "heads of " + headSize + " features cannot be turned in pairs");
    }
    if (config.decimal("partial_rotary_factor", 1) != 1) {
      throw config.wrong("partial_rotary_factor", "heads are turned as a whole here");
    }
    if (config.integer("head_dim", headSize) != headSize) {
      throw config.wrong("head_dim", "it is hidden_size / num_attention_heads here");
    }
  }
}
