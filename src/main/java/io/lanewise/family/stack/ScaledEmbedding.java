package io.lanewise.family.stack;

import io.lanewise.family.input.TokenRows;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.EmbeddingTable;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Pass;

/**
 * {@code norm(word · scale + position)}: the input of {@code BartEncoder} and {@code BartDecoder}.
 * Embeddings that are given instead of ids are not scaled ({@code BartScaledWordEmbedding}).
 *
 * @param scale 1 for none
 * @param firstPosition row of the positions' table that the first token has; padding counts like
 *     any token ({@code BartLearnedPositionalEmbedding})
 */
public record ScaledEmbedding(
    EmbeddingTable words, float scale, EmbeddingTable positions, int firstPosition, LayerNorm norm)
    implements Embedding {
  @Override
  public void apply(Pass pass, TokenRows tokens, Matrix x) {
    if (tokens.ids() == null) {
      x.copyFrom(tokens.embeddings(), 0);
    } else {
      words.apply(pass, tokens.ids(), x);
      scale(x);
    }
    positions.add(pass, rows(tokens), x);
    norm.apply(pass, x, x);
    pass.dropout().hidden(pass, x);
  }

  private void scale(Matrix x) {
    if (scale == 1) {
      return;
    }
    for (int i = 0; i < x.rows(); i++) {
      var row = x.rows(i, 1).toArray();
      for (int j = 0; j < row.length; j++) {
        row[j] *= scale;
      }
      x.rows(i, 1).copyFrom(row, 0);
    }
  }

  /** Rows of the positions' table. */
  private int[] rows(TokenRows tokens) {
    if (tokens.positions() == null) {
      return tokens.counted(firstPosition);
    }
    var rows = tokens.positions().clone();
    for (int i = 0; i < rows.length; i++) {
      rows[i] += firstPosition;
    }
    return rows;
  }
}
