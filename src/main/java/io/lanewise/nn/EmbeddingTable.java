package io.lanewise.nn;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Matrix;

/**
 * An embedding table: one row for each id.
 *
 * @param table [ids, features], in the memory of the checkpoint
 */
public record EmbeddingTable(Matrix table) {
  /** Loads {@code weight} [ids, features]. */
  public static EmbeddingTable load(int ids, int features, Weights at) {
    return new EmbeddingTable(at.matrix("weight", ids, features));
  }

  /** Row i of y becomes row {@code ids[i]} of the table; the ids are in range. */
  public void apply(Pass pass, int[] ids, Matrix y) {
    pass.backend().rowwise().gather(table, ids, y);
  }

  /** Adds row {@code ids[i]} of the table to row i of y; the ids are in range. */
  public void add(Pass pass, int[] ids, Matrix y) {
    pass.backend().rowwise().addGathered(table, ids, y);
  }
}
