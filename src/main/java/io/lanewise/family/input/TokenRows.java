package io.lanewise.family.input;

import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionIds;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.UnpaddedSequences;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a call that go through embeddings and layers, a row each: those of all sequences
 * with their padding, or without it.
 *
 * @param starts the first row of each sequence, then the number of rows, [batch + 1]
 * @param ids [rows]; null if the embeddings were given
 * @param embeddings word embeddings, [rows * features]; null if the ids were given
 * @param types token type ids, [rows]
 * @param positions [rows]; null if none were given
 * @param past tokens before these that a cache holds
 * @param seen the attention mask; null if all of these tokens are seen
 */
public record TokenRows(
    int[] starts,
    int @Nullable [] ids,
    float @Nullable [] embeddings,
    int[] types,
    int @Nullable [] positions,
    int past,
    float @Nullable [] seen) {
  /**
   * The rows of sequences.
   *
   * @param sequences what is left of them; null for all, padding included
   */
  static TokenRows of(InputTokens tokens, @Nullable UnpaddedSequences sequences) {
    if (sequences == null) {
      int length = tokens.length();
      return new TokenRows(
          IntStream.rangeClosed(0, tokens.batch()).map(b -> b * length).toArray(),
          tokens.ids(),
          tokens.embeddings(),
          tokens.types(),
          tokens.positions(),
          tokens.past(),
          tokens.seen());
    }
    int[] rows = sequences.paddedRows();
    return new TokenRows(
        sequences.starts(),
        at(tokens.ids(), rows),
        at(tokens.embeddings(), rows, tokens.types().length),
        Arrays.stream(rows).map(row -> tokens.types()[row]).toArray(),
        at(tokens.positions(), rows),
        tokens.past(),
        null);
  }

  private static int @Nullable [] at(int @Nullable [] values, int[] rows) {
    return values == null ? null : Arrays.stream(rows).map(row -> values[row]).toArray();
  }

  private static float @Nullable [] at(float @Nullable [] values, int[] rows, int count) {
    if (values == null) {
      return null;
    }
    int width = values.length / count;
    var found = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * width, found, i * width, width);
    }
    return found;
  }

  /** How many there are. */
  public int count() {
    return types.length;
  }

  /**
   * Embeds the tokens.
   *
   * @param positionIds [rows]; null where positions are not embedded
   * @param y [rows, features], written
   */
  public void embed(Pass pass, TokenEmbeddings table, int @Nullable [] positionIds, Matrix y) {
    table.apply(pass, ids, embeddings, types, positionIds, y);
  }

  /** Positions that count on from the cache in every sequence, unless others were given. */
  public int[] positionsOrCount() {
    return positions != null ? positions : counted(0);
  }

  /** Positions that count on from the cache in every sequence, the first of all being this one. */
  public int[] counted(int first) {
    return PositionIds.counting(starts, first + past);
  }

  /**
   * Positions that leave the padding out and follow its own, unless others were given. Given
   * embeddings show no padding, so all of them count.
   *
   * @param padding id of the padding token, which is also its position
   */
  public int[] positionsBehind(int padding) {
    if (positions != null) {
      return positions;
    }
    return ids != null
        ? PositionIds.skippingPadding(ids, starts, padding, past)
        : counted(padding + 1);
  }
}
