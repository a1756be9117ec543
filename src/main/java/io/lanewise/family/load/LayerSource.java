package io.lanewise.family.load;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.nn.Packing;

/**
 * What a family is loaded from.
 *
 * @param config the settings, with the caller's own in the place of the file's
 * @param weights the root of the walk
 * @param packing turns weights into layers
 * @param mayMake whether tensors of the head that the file lacks are made from the seed
 * @param wantsPooler whether a model without head gets its pooler
 * @param pruned heads that the layers have lost
 */
public record LayerSource(
    Config config,
    Weights weights,
    Packing packing,
    boolean mayMake,
    boolean wantsPooler,
    PrunedHeads pruned) {
  /**
   * The root of the walk for the head's own tensors, which may be missing if the caller says so.
   */
  public Weights head() {
    return weights.allowNew(mayMake);
  }
}
