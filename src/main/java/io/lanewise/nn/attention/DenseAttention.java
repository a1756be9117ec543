package io.lanewise.nn.attention;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.KeyRows;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention of a sequence to itself, of each token to all tokens (Vaswani et al. 2017,
 * section 3.2). In a decoder, tokens also attend to those of earlier calls.
 *
 * @param queryKeyValue the three projections as one, [hidden] to [3 * heads * headSize]
 * @param output projects the heads' results back, [heads * headSize] to [hidden]
 * @param norms of queries and keys, before they are turned; null for none
 */
public record DenseAttention(
    Linear queryKeyValue, Linear output, AttentionHeads heads, @Nullable QueryKeyNorm norms)
    implements SelfAttention {
  /** Queries and keys are not normalised. */
  public DenseAttention(Linear queryKeyValue, Linear output, AttentionHeads heads) {
    this(queryKeyValue, output, heads, null);
  }

  /**
   * Queries, keys and values of the tokens of a call, ready for the scores.
   *
   * @param q [batch * tokens, heads * headSize]; k and v likewise
   */
  record Projected(Matrix q, Matrix k, Matrix v) {
    /** Those of some tokens that follow each other. */
    Projected rows(int from, int count) {
      return new Projected(q.rows(from, count), k.rows(from, count), v.rows(from, count));
    }
  }

  /** Loads the four projections; {@code hidden} is a multiple of {@code heads}. */
  public static DenseAttention load(
      Packing packing,
      int hidden,
      int heads,
      Weights query,
      Weights key,
      Weights value,
      Weights output,
      Distances distances) {
    return load(packing, hidden, KeptHeads.all(heads), query, key, value, output, distances);
  }

  /**
   * The same with some heads pruned; {@code hidden} is a multiple of the number of heads before.
   */
  public static DenseAttention load(
      Packing packing,
      int hidden,
      KeptHeads heads,
      Weights query,
      Weights key,
      Weights value,
      Weights output,
      Distances distances) {
    int size = hidden / heads.count();
    int width = heads.size() * size;
    return new DenseAttention(
        Linear.fused(
            packing,
            hidden,
            width,
            heads.rows(query, size),
            heads.rows(key, size),
            heads.rows(value, size)),
        Linear.load(packing, width, hidden, heads.columns(output, size)),
        new AttentionHeads(heads.size(), size, distances == null ? null : distances.of(heads)));
  }

  @Override
  public void apply(
      Pass pass, Matrix x, int batch, Mask mask, float @Nullable [] headMask, Matrix y) {
    apply(pass, x, batch, mask, headMask, null, 0, y);
  }

  @Override
  public void apply(
      Pass pass,
      Matrix x,
      int batch,
      Mask mask,
      float[] headMask,
      ReadTokens read,
      Matrix queryRows,
      Matrix y) {
    int width = heads.width();
    try (var _ = pass.frame()) {
      var context = pass.matrix(read.count(), width); // [read, heads * headSize]
      if (heads.takesSomeTokens() && !mask.isOfEachQuery(batch)) {
        attend(pass, x, batch, mask, headMask, read, queryRows, context);
      } else { // some position scores, and masks of each query, exist only for whole sequences
        try (var _ = pass.frame()) {
          var all = pass.matrix(x.rows(), width);
          attend(pass, x, batch, mask, headMask, (KeyValueCache) null, 0, all);
          pass.backend().rowwise().gather(all, read.rows(), context);
        }
      }
      output.apply(pass, context, y); // [read, hidden]
    }
  }

  /** Computes keys and values of all tokens, but queries only of those in {@code read}. */
  private void attend(
      Pass pass,
      Matrix x,
      int batch,
      Mask mask,
      float[] headMask,
      ReadTokens read,
      Matrix queryRows,
      Matrix context) {
    int width = heads.width();
    var query = queryKeyValue.part(pass, 0, width);
    var keyValue = queryKeyValue.part(pass, width, 2 * width);
    try (var _ = pass.frame()) {
      var q = pass.matrix(read.count(), width);
      Matrix both; // keys and values, [batch * tokens, 2 * heads * headSize]
      if (query != null && keyValue != null) {
        query.apply(pass, queryRows, q);
        both = pass.matrix(x.rows(), 2 * width);
        keyValue.apply(pass, x, both);
      } else {
        var fused = pass.matrix(x.rows(), 3 * width);
        queryKeyValue.apply(pass, x, fused);
        pass.backend().rowwise().gather(fused.columns(0, width), read.rows(), q);
        both = fused.columns(width, 2 * width);
      }
      if (norms != null) {
        norms.apply(pass, q, both.columns(0, width));
      }
      if (mask.rotation() != null) {
        mask.rotation().applyToQueries(pass, q, read.rows());
        mask.rotation().applyToKeys(pass, both.columns(0, width), both.columns(width, width));
      }
      var k = KeyRows.of(both.columns(0, width));
      var v = KeyRows.of(both.columns(width, width));
      int tokens = x.rows() / batch;
      var arguments =
          mask.sequences() != null
              ? heads.arguments(mask.sequences(), q, k, v)
              : heads.arguments(batch, tokens, q, k, v).withMask(mask.scores());
      heads.apply(
          pass,
          arguments.withHeadMask(headMask).withQueryStarts(read.starts(), read.most()),
          0,
          tokens,
          places(read, mask, tokens),
          null,
          context);
    }
  }

  /** Where the tokens that are read stand in their sequences. */
  private static int[] places(ReadTokens read, Mask mask, int tokens) {
    var places = read.rows().clone();
    for (int b = 0; b + 1 < read.starts().length; b++) {
      int first = mask.sequences() != null ? mask.sequences().starts()[b] : b * tokens;
      for (int i = read.starts()[b]; i < read.starts()[b + 1]; i++) {
        places[i] -= first;
      }
    }
    return places;
  }

  /**
   * Applies the attention to new tokens behind those of a cache, and adds the new ones to the
   * cache.
   *
   * @param x [batch * tokens, hidden], the new tokens
   * @param mask of the new tokens as queries and {@link KeyValueCache#visible} tokens as keys
   * @param headMask [heads], multiplies the probabilities; null for none
   * @param cache has room for the new tokens; null for none
   * @param layer whose keys and values these are
   * @param y [batch * tokens, hidden], written; must not overlap x
   */
  public void apply(
      Pass pass,
      Matrix x,
      int batch,
      Mask mask,
      float @Nullable [] headMask,
      @Nullable KeyValueCache cache,
      int layer,
      Matrix y) {
    try (var _ = pass.frame()) {
      var context = pass.matrix(x.rows(), heads.width()); // [batch * tokens, heads * headSize]
      attend(pass, x, batch, mask, headMask, cache, layer, context);
      output.apply(pass, context, y); // [batch * tokens, hidden]
    }
  }

  /** Queries, keys and values of all tokens, in scratch memory. */
  Projected project(Pass pass, Matrix x, Mask mask) {
    int width = heads.width();
    var fused = pass.matrix(x.rows(), 3 * width); // [batch * tokens, 3 * heads * headSize]
    queryKeyValue.apply(pass, x, fused);
    var projected =
        new Projected(
            fused.columns(0, width), fused.columns(width, width), fused.columns(2 * width, width));
    if (norms != null) {
      norms.apply(pass, projected.q, projected.k);
    }
    if (mask.rotation() != null) {
      mask.rotation().apply(pass, projected.q, projected.k, projected.v);
    }
    return projected;
  }

  /** Computes the context of all tokens, before the output projection. */
  private void attend(
      Pass pass,
      Matrix x,
      int batch,
      Mask mask,
      float[] headMask,
      KeyValueCache cache,
      int layer,
      Matrix context) {
    int tokens = x.rows() / batch;
    try (var _ = pass.frame()) {
      var projected = project(pass, x, mask);
      var q = projected.q;
      var k = KeyRows.of(projected.k);
      var v = KeyRows.of(projected.v);
      int past = 0;
      int keys = tokens;
      if (cache != null) {
        cache.append(layer, projected.k, projected.v);
        k = cache.keys(layer);
        v = cache.values(layer);
        past = cache.tokens();
        keys = cache.visible(tokens);
      }
      var arguments =
          mask.sequences() != null
              ? heads.arguments(mask.sequences(), q, k, v).withHeadMask(headMask)
              : heads
                  .arguments(batch, keys, q, k, v)
                  .withMask(mask.scores())
                  .withHeadMask(headMask);
      var probabilities = heads.probabilities(pass, arguments);
      heads.apply(pass, arguments, past, tokens, probabilities, context);
      if (probabilities != null) {
        pass.trace().attention(probabilities, batch, heads.count());
      }
    }
  }
}
