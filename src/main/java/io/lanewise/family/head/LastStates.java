package io.lanewise.family.head;

import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.tensor.Tensor;

/**
 * The states that the last layer leaves to the head.
 *
 * @param states [batch * tokens, hidden], or [read, hidden]
 * @param read the tokens that they are of; null for all
 * @param batch sequences
 */
public record LastStates(Matrix states, ReadTokens read, int batch) {
  /** The states of all tokens. */
  public static LastStates all(Matrix states, int batch) {
    return new LastStates(states, null, batch);
  }

  /** Columns of the states. */
  public int hidden() {
    return states.columns();
  }

  /**
   * These states as a tensor, or what a head makes of each of them.
   *
   * @param values a row for each state
   * @return [batch, tokens, columns], or [read, columns]
   */
  public Tensor tensor(float[] values, int columns) {
    long rows = states.rows();
    return read == null
        ? Tensor.of(values, batch, rows / batch, columns)
        : Tensor.of(values, rows, columns);
  }

  /** One number for each state: [batch, tokens], or [read]. */
  public Tensor tensor(float[] values) {
    long rows = states.rows();
    return read == null ? Tensor.of(values, batch, rows / batch) : Tensor.of(values, rows);
  }

  /** The states as a tensor. */
  public Tensor tensor() {
    return tensor(states.toArray(), hidden());
  }

  /**
   * The same states for fewer tokens.
   *
   * @param fewer null for all
   */
  public LastStates of(Pass pass, ReadTokens fewer) {
    if (fewer == null || fewer.equals(read)) {
      return this;
    }
    if (read != null) {
      throw new IllegalStateException("of " + read + " there are no " + fewer);
    }
    return new LastStates(fewer.of(pass, states), fewer, batch);
  }
}
