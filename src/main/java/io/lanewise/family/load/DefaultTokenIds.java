package io.lanewise.family.load;

import io.lanewise.checkpoint.Config;
import java.util.Map;

/**
 * Ids of special tokens that a Hugging Face class has by default, by their keys. A config leaves
 * out those that it does not change; one that it sets to {@code null} does not exist.
 */
public record DefaultTokenIds(Map<String, Integer> ids) {
  public static final DefaultTokenIds NONE = new DefaultTokenIds(Map.of());

  /** The config with all of them. */
  public Config in(Config config) {
    var tree = config.tree();
    var whole = config;
    for (var id : ids.entrySet()) {
      if (!tree.has(id.getKey())) {
        whole = whole.with(id.getKey(), id.getValue());
      }
    }
    return whole;
  }
}
