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
 * Multi-head attention of a sequence to itself, in which each token may see each token (Vaswani et
 * al. 2017, section 3.2). As part of a decoder it sees the tokens of earlier calls as well.
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

  /** The same with some heads pruned; {@code hidden} is a multiple of how many there were. */
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
      Matrix asking,
      Matrix y) {
    int width = heads.width();
    try (var _ = pass.frame()) {
      var context = pass.matrix(read.count(), width); // [read, heads * headSize]
      if (heads.distances() == null && !mask.isOfEachQuery(batch)) {
        attend(pass, x, batch, mask, headMask, read, asking, context);
      } else { // distances and masks are made for whole sequences
        try (var _ = pass.frame()) {
          var all = pass.matrix(x.rows(), width);
          attend(pass, x, batch, mask, headMask, (KeyValueCache) null, 0, all);
          pass.backend().rowwise().gather(all, read.rows(), context);
        }
      }
      output.apply(pass, context, y); // [read, hidden]
    }
  }

  /** Keys and values of all tokens, queries of those that ask. */
  private void attend(
      Pass pass,
      Matrix x,
      int batch,
      Mask mask,
      float[] headMask,
      ReadTokens read,
      Matrix asking,
      Matrix context) {
    int width = heads.width();
    var query = queryKeyValue.part(pass, 0, width);
    var keyValue = queryKeyValue.part(pass, width, 2 * width);
    try (var _ = pass.frame()) {
      var q = pass.matrix(read.count(), width);
      Matrix both; // keys and values, [batch * tokens, 2 * heads * headSize]
      if (query != null && keyValue != null) {
        query.apply(pass, asking, q);
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
          null,
          context);
    }
  }

  /**
   * Applies the attention behind the tokens of a cache, and puts the new ones into it.
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

  /** What all tokens see, before it is projected back. */
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
