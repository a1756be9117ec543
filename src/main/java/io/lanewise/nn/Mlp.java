package io.lanewise.nn;

import io.lanewise.memory.Matrix;

/** The layers behind the attention, which look at one token at a time. */
public sealed interface Mlp permits FeedForward, GatedFeedForward, ExpertsFeedForward {
  /**
   * Applies the layers to each row.
   *
   * @param x [tokens, hidden]
   * @param y [tokens, hidden], written; must not overlap x
   */
  void apply(Pass pass, Matrix x, Matrix y);
}
