package io.lanewise.nn;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The input layer of BERT and related models: {@code norm(word + type + position)} (BertEmbeddings
 * in Hugging Face's modeling_bert.py).
 *
 * @param types null where tokens have no types
 * @param positions null where positions are not embedded
 * @param norm null where the sum stays as it is
 */
public record TokenEmbeddings(
    EmbeddingTable words,
    @Nullable EmbeddingTable types,
    @Nullable EmbeddingTable positions,
    @Nullable LayerNorm norm) {
  /**
   * Loads {@code word_embeddings} and {@code token_type_embeddings}, where positions are not
   * embedded.
   *
   * @param norm its place
   * @param types 0 where they are not embedded
   */
  public static TokenEmbeddings withoutPositions(
      Weights at, Weights norm, int vocabulary, int types, int features, float epsilon) {
    return new TokenEmbeddings(
        EmbeddingTable.load(vocabulary, features, at.at("word_embeddings")),
        types == 0 ? null : EmbeddingTable.load(types, features, at.at("token_type_embeddings")),
        null,
        LayerNorm.load(features, epsilon, norm));
  }

  /**
   * Loads {@code word_embeddings}, {@code token_type_embeddings}, {@code position_embeddings} and
   * {@code LayerNorm}.
   *
   * @param positions rows of the position table; 0 if the family has none
   * @param absolute whether position embeddings are added; if not, the checkpoint has their table
   *     nevertheless
   */
  public static TokenEmbeddings load(
      Weights at,
      int vocabulary,
      int types,
      int positions,
      int features,
      float epsilon,
      boolean absolute) {
    var sum = loadSum(at, vocabulary, types, positions, features, absolute);
    var norm = LayerNorm.load(features, epsilon, at.at("LayerNorm"));
    return new TokenEmbeddings(sum.words, sum.types, sum.positions, norm);
  }

  /** The same of a family that does not normalise the sum. */
  public static TokenEmbeddings loadSum(
      Weights at, int vocabulary, int types, int positions, int features, boolean absolute) {
    var place = at.at("position_embeddings");
    var table = absolute ? EmbeddingTable.load(positions, features, place) : null;
    if (!absolute && positions > 0) {
      place.keep("weight", positions, features);
    }
    return new TokenEmbeddings(
        EmbeddingTable.load(vocabulary, features, at.at("word_embeddings")),
        EmbeddingTable.load(types, features, at.at("token_type_embeddings")),
        table,
        null);
  }

  /** The same with positions. */
  public TokenEmbeddings withPositions(EmbeddingTable newPositions) {
    return new TokenEmbeddings(words, types, newPositions, norm);
  }

  /**
   * Embeds tokens.
   *
   * @param ids one per token; null if {@code given} replaces them
   * @param given word embeddings, [tokens, features] row after row
   * @param typeIds one per token; ignored if tokens have no types
   * @param positionIds one per token; ignored if positions are not embedded
   * @param y [tokens, features], written
   */
  public void apply(
      Pass pass, int[] ids, float[] given, int[] typeIds, int[] positionIds, Matrix y) {
    if (ids != null) {
      words.apply(pass, ids, y);
    } else {
      y.copyFrom(given, 0);
    }
    if (types != null) {
      types.add(pass, typeIds, y);
    }
    if (positions != null) {
      positions.add(pass, positionIds, y);
    }
    if (norm != null) {
      norm.apply(pass, y, y);
    }
    pass.dropout().embeddings(pass, y);
  }
}
