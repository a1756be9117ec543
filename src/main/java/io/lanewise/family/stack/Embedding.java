package io.lanewise.family.stack;

import io.lanewise.family.input.TokenRows;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;

/** How a family makes the states that go into its first layer. */
@FunctionalInterface
public interface Embedding {
  /**
   * Embeds the tokens.
   *
   * @param x [rows, hidden], written
   */
  void apply(Pass pass, TokenRows tokens, Matrix x);
}
