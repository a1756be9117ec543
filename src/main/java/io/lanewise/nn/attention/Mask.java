package io.lanewise.nn.attention;

import io.lanewise.kernel.TokenRoles;
import io.lanewise.kernel.TokenRoles.Role;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.PackedSequences;
import io.lanewise.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * What attention may look at and where its tokens stand. What it may look at are numbers that are
 * added to the scaled scores: 0 for a key that is seen, the lowest float for one that is not.
 *
 * @param scores [batch, keys] for all queries alike, or [batch * queries, keys]; null if every key
 *     is seen
 * @param roles of the tokens in windowed attention; null for dense attention
 * @param sequences where the padding is left out instead of hidden; null otherwise
 * @param rotation where the tokens stand, for rotary position embeddings; null without them
 */
public record Mask(
    @Nullable Matrix scores,
    @Nullable TokenRoles roles,
    @Nullable PackedSequences sequences,
    @Nullable Rotation rotation) {
  /** Every query sees every key. */
  public static final Mask NONE = new Mask(null, null, null, null);

  /** Every query sees the keys of its own sequence, and there is no padding. */
  public static Mask of(PackedSequences sequences) {
    return new Mask(null, null, sequences, null);
  }

  /**
   * Hides the padding, by the rule of Hugging Face's {@code get_extended_attention_mask}: {@code (1
   * − seen) · lowest float}. A row that hides all its keys attends to all of them evenly, because
   * adding the lowest float swallows the score.
   *
   * @param seen [batch * keys], 1 for a token, 0 for padding; null if there is none
   */
  public static Mask padding(Pass pass, float @Nullable [] seen, int batch, int keys) {
    if (seen == null || allOnes(seen)) {
      return NONE;
    }
    var scores = new float[seen.length];
    for (int i = 0; i < seen.length; i++) {
      scores[i] = (1 - seen[i]) * -Float.MAX_VALUE;
    }
    var matrix = pass.matrix(batch, keys);
    matrix.copyFrom(scores, 0);
    return new Mask(matrix, null, null, null);
  }

  /**
   * Hides from each query what its own row says, and nothing else: the caller's mask decides alone
   * whether attention is causal.
   *
   * @param seen [batch * queries * keys], 1 for a key that is seen, 0 for one that is not
   */
  public static Mask pairs(Pass pass, float @Nullable [] seen, int batch, int queries, int keys) {
    return padding(pass, seen, Math.multiplyExact(batch, queries), keys);
  }

  /**
   * Hides what comes later, and the padding: token i of a call that follows {@code past} tokens
   * sees keys 0 to {@code past + i}. Hidden by either rule or by both, a key gets the lowest float
   * once, as in Hugging Face; so a token whose keys are all hidden attends to all of them evenly,
   * those to come included.
   *
   * @param seen [batch * keys], 1 for a token, 0 for padding; null if there is none
   * @param queries tokens of the call
   * @param keys {@code past + queries}, or more where a cache has slots to spare
   */
  public static Mask causal(
      Pass pass, float @Nullable [] seen, int batch, int queries, int keys, int past) {
    boolean padded = seen != null && !allOnes(seen);
    if (!padded && queries == 1 && keys == past + 1) {
      return NONE;
    }
    var matrix = pass.matrix(Math.multiplyExact(batch, queries), keys);
    var row = new float[keys];
    for (int b = 0; b < batch; b++) {
      for (int i = 0; i < queries; i++) {
        for (int key = 0; key < keys; key++) {
          float hidden = key > past + i ? 1 : padded ? 1 - seen[b * keys + key] : 0;
          row[key] = 0 - hidden * Float.MAX_VALUE;
        }
        matrix.rows(b * queries + i, 1).copyFrom(row, 0);
      }
    }
    return new Mask(matrix, null, null, null);
  }

  /**
   * Shows each token its window and the global tokens, and those every token that is not hidden.
   */
  public static Mask windowed(Pass pass, TokenRoles roles) {
    var seen = new float[roles.roles().length];
    for (int i = 0; i < seen.length; i++) {
      var role = roles.roles()[i];
      seen[i] = role == Role.HIDDEN || role == Role.UNSEEN ? 0 : 1;
    }
    return new Mask(padding(pass, seen, roles.batch(), roles.tokens()).scores, roles, null, null);
  }

  /**
   * The same tokens to look at, with queries and keys turned by their positions.
   *
   * @param newRotation of the tokens with the padding, even where that is left out
   */
  public Mask withRotation(Rotation newRotation) {
    var left = sequences == null ? newRotation : newRotation.in(sequences);
    return new Mask(scores, roles, sequences, left);
  }

  /**
   * Hides what this mask hides and what lies farther away, from each query, once: the lowest float
   * as everywhere.
   *
   * @param reach neighbours on each side that stay; negative for none at all
   */
  Mask withinReach(Pass pass, int batch, int tokens, int reach) {
    var band = pass.matrix(Math.multiplyExact(batch, tokens), tokens);
    var row = new float[tokens];
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < tokens; t++) {
        for (int key = 0; key < tokens; key++) {
          boolean near = Math.abs(t - key) <= reach;
          row[key] = !near ? -Float.MAX_VALUE : scores == null ? 0 : scores.get(b, key);
        }
        band.rows(b * tokens + t, 1).copyFrom(row, 0);
      }
    }
    return new Mask(band, null, null, rotation);
  }

  /** Whether each query has a row of scores of its own. */
  boolean isOfEachQuery(int batch) {
    return scores != null && scores.rows() != batch;
  }

  private static boolean allOnes(float[] seen) {
    for (float value : seen) {
      if (value != 1) {
        return false;
      }
    }
    return true;
  }
}
