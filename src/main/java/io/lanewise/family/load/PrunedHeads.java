package io.lanewise.family.load;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.nn.attention.KeptHeads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The heads that layers have lost, by the numbers of the layers: Hugging Face's {@code
 * pruned_heads}.
 *
 * @param stored those that the checkpoint lacks
 * @param all those that the model lacks, the checkpoint's among them
 */
public record PrunedHeads(
    SortedMap<Integer, Set<Integer>> stored, SortedMap<Integer, Set<Integer>> all) {
  private static final String KEY = "pruned_heads";

  /**
   * What the config says, and what the caller wants besides.
   *
   * @throws CheckpointException if the config's is no object from layers to lists of heads
   */
  public static PrunedHeads of(Config config, Map<Integer, Set<Integer>> wanted) {
    var stored = read(config);
    var all = new TreeMap<Integer, Set<Integer>>();
    stored.forEach((layer, heads) -> all.put(layer, new TreeSet<>(heads)));
    wanted.forEach(
        (layer, heads) -> all.computeIfAbsent(layer, _ -> new TreeSet<>()).addAll(heads));
    return new PrunedHeads(stored, all);
  }

  private static SortedMap<Integer, Set<Integer>> read(Config config) {
    var heads = new TreeMap<Integer, Set<Integer>>();
    if (!config.has(KEY)) {
      return heads;
    }
    var tree = config.tree().get(KEY);
    for (var entry : tree.properties()) {
      var list = new TreeSet<Integer>();
      for (var head : entry.getValue()) {
        if (!head.canConvertToInt() || !head.isIntegralNumber() || head.intValue() < 0) {
          throw wrong(config, head + " is no number of a head");
        }
        list.add(head.intValue());
      }
      if (!entry.getValue().isArray() || !entry.getKey().matches("\\d{1,9}")) {
        throw wrong(config, "lists of heads by the numbers of their layers are needed");
      }
      if (!list.isEmpty()) {
        heads.put(Integer.valueOf(entry.getKey()), list);
      }
    }
    if (!tree.isObject()) {
      throw wrong(config, "lists of heads by the numbers of their layers are needed");
    }
    return heads;
  }

  private static CheckpointException wrong(Config config, String why) {
    return config.wrong(KEY, why);
  }

  /** The settings with {@code pruned_heads} as it is now. */
  public Config in(Config config) {
    return all.isEmpty() ? config : config.with(KEY, all);
  }

  /** Whether no head has been pruned. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /**
   * The heads of all layers that are left.
   *
   * @param heads of a layer before
   * @throws CheckpointException if a layer or a head is named that there is not, or a layer would
   *     have no head left
   */
  public List<KeptHeads> of(Config config, int layers, int heads) {
    if (!all.isEmpty() && all.lastKey() >= layers) {
      throw wrong(config, "there is no layer " + all.lastKey() + ", only 0 to " + (layers - 1));
    }
    var kept = new ArrayList<KeptHeads>();
    for (int i = 0; i < layers; i++) {
      var pruned = all.getOrDefault(i, Set.of());
      for (int head : pruned) {
        if (head < 0 || head >= heads) {
          throw wrong(config, "layer " + i + " has no head " + head + ", only 0 to " + (heads - 1));
        }
      }
      if (pruned.size() == heads) {
        throw wrong(config, "layer " + i + " would have no head left: keep one");
      }
      kept.add(KeptHeads.without(heads, stored.getOrDefault(i, Set.of()), pruned));
    }
    return List.copyOf(kept);
  }

  /** For a family whose attention cannot lose heads. */
  public void refuse(Config config, String why) {
    if (!isEmpty()) {
      throw wrong(config, why);
    }
  }
}
