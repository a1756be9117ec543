package io.lanewise.family.stack;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.input.TokenRows;
import io.lanewise.family.load.DebertaConfig;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.EmbeddingTable;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * The input layer of DeBERTa: {@code norm(project(word + position + type)) · mask}, so that padding
 * is a vector of zeros. Hugging Face's {@code DebertaV2Embeddings}.
 *
 * @param positions null where they are not embedded
 * @param types null where they count for nothing
 * @param projection to the size of the states; null where the embeddings have it
 */
public record DebertaEmbeddings(
    EmbeddingTable words,
    @Nullable EmbeddingTable positions,
    @Nullable EmbeddingTable types,
    @Nullable Linear projection,
    LayerNorm norm)
    implements Embedding {
  /** Loads the tables that the settings ask for. */
  public static DebertaEmbeddings load(Packing packing, DebertaConfig config, Weights at) {
    int features = config.embedding();
    int hidden = config.hidden();
    return new DebertaEmbeddings(
        EmbeddingTable.load(config.vocabulary(), features, at.at("word_embeddings")),
        config.biased()
            ? EmbeddingTable.load(config.positions(), features, at.at("position_embeddings"))
            : null,
        config.types() > 0
            ? EmbeddingTable.load(config.types(), features, at.at("token_type_embeddings"))
            : null,
        features == hidden
            ? null
            : Linear.withoutBias(packing, features, hidden, at.at("embed_proj")),
        LayerNorm.load(hidden, config.epsilon(), at.at("LayerNorm")));
  }

  @Override
  public void apply(Pass pass, TokenRows tokens, Matrix x) {
    try (var _ = pass.frame()) {
      var sum = projection == null ? x : pass.matrix(x.rows(), words.table().columns());
      if (tokens.ids() != null) {
        words.apply(pass, tokens.ids(), sum);
      } else {
        sum.copyFrom(tokens.embeddings(), 0);
      }
      if (positions != null) {
        positions.add(pass, tokens.positionsOrCount(), sum);
      }
      if (types != null) {
        types.add(pass, tokens.types(), sum);
      }
      if (projection != null) {
        projection.apply(pass, sum, x);
      }
    }
    norm.apply(pass, x, x);
    fade(x, tokens.seen());
    pass.dropout().hidden(pass, x);
  }

  /**
   * Multiplies each row by its number in the attention mask.
   *
   * @param x [rows, features], overwritten
   * @param seen [rows]; null for ones
   */
  static void fade(Matrix x, float @Nullable [] seen) {
    for (int i = 0; seen != null && i < seen.length; i++) {
      if (seen[i] != 1) {
        var row = x.rows(i, 1).toArray();
        for (int j = 0; j < row.length; j++) {
          row[j] *= seen[i];
        }
        x.rows(i, 1).copyFrom(row, 0);
      }
    }
  }
}
