package io.lanewise.nn.attention;

import io.lanewise.kernel.Attention;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores of the distance between two tokens in disentangled attention (He et al. 2020, equation 4;
 * Hugging Face's {@code DisentangledSelfAttention}): the query meets the key's vector of the
 * distance, and the key the query's. Both vectors depend on the layer and the distance alone, so
 * they are projected once, at load.
 *
 * <p>Every query and every key is multiplied with the vectors of all distances that the tokens can
 * have, one matrix product a head. The score of a pair is then picked from either product.
 *
 * @param buckets which vector a distance has
 * @param keys of each head, [headSize] to [rows of the buckets]: products of a query with the key's
 *     vectors, {@code c2p}; empty for none
 * @param queries of each head likewise: products of a key with the query's vectors, {@code p2c};
 *     empty for none
 */
public record DisentangledPositions(
    DistanceBuckets buckets, List<Linear> keys, List<Linear> queries) implements Distances {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Queries whose scores are picked together: those of a key lie side by side, as in a line. */
  private static final int BLOCK = 16;

  /** Vectors that are taken together; no layout of weights needs more. */
  private static final int UNIT = 64;

  public DisentangledPositions {
    keys = List.copyOf(keys);
    queries = List.copyOf(queries);
    if (keys.isEmpty() && queries.isEmpty()) {
      throw new IllegalArgumentException("neither queries nor keys meet the distances");
    }
  }

  /**
   * Packs projected vectors.
   *
   * @param keyVectors [rows of the buckets, heads * headSize]; null for none
   * @param queryVectors likewise; not both are null
   */
  public static DisentangledPositions of(
      Packing packing,
      DistanceBuckets buckets,
      int heads,
      @Nullable Matrix keyVectors,
      @Nullable Matrix queryVectors) {
    return new DisentangledPositions(
        buckets, ofHeads(packing, keyVectors, heads), ofHeads(packing, queryVectors, heads));
  }

  private static List<Linear> ofHeads(Packing packing, Matrix vectors, int heads) {
    var result = new ArrayList<Linear>();
    if (vectors == null) {
      return result;
    }
    int size = vectors.columns() / heads;
    try (var scratch = Packing.scratch()) {
      var ofHead = scratch.matrix(vectors.rows(), size);
      for (int head = 0; head < heads; head++) {
        ofHead.copyFrom(vectors.columns(head * size, size));
        result.add(Linear.of(packing, ofHead));
      }
    }
    return result;
  }

  @Override
  public boolean takesSomeTokens() {
    return true;
  }

  /**
   * The scores to add before the scaling, [batch * heads * queries, keys], in scratch memory. Of a
   * sequence with fewer queries or keys the rest is undefined.
   *
   * @param places of the queries in their sequences, one a row of q; null where all tokens ask
   */
  Matrix scores(Pass pass, Attention.Arguments a, int @Nullable [] places) {
    int rows = Math.multiplyExact(Math.multiplyExact(a.batch(), a.heads()), a.queries());
    var scores = pass.matrix(rows, a.keys());
    var picker = new Picker(a, places, scores);
    int group =
        Math.clamp(Math.ceilDiv(4L * pass.backend().workers().threads(), a.batch()), 1, a.heads());
    try (var _ = pass.frame()) {
      var ofQueries = keys.isEmpty() ? null : pass.matrix(group * a.q().rows(), picker.width);
      var ofKeys = queries.isEmpty() ? null : pass.matrix(group * picker.k.rows(), picker.width);
      for (int first = 0; first < a.heads(); first += group) {
        int count = Math.min(group, a.heads() - first);
        multiply(pass, keys, first, count, picker, a.q(), ofQueries);
        multiply(pass, queries, first, count, picker, picker.k, ofKeys);
        int head = first;
        pass.backend()
            .workers()
            .run(
                a.batch() * count,
                task -> picker.pick(task % a.batch(), head, task / a.batch(), ofQueries, ofKeys));
      }
    }
    return scores;
  }

  /** Products of some heads, one below the other. */
  private static void multiply(
      Pass pass, List<Linear> heads, int first, int count, Picker picker, Matrix x, Matrix y) {
    for (int i = 0; i < count && !heads.isEmpty(); i++) {
      var whole = heads.get(first + i);
      var part = whole.part(pass, picker.from, picker.width);
      int size = x.columns() / heads.size();
      var ofHead = x.columns((first + i) * size, size);
      var result = y.rows(i * x.rows(), x.rows());
      if (part != null) {
        part.apply(pass, ofHead, result);
      } else {
        try (var _ = pass.frame()) {
          var all = pass.matrix(x.rows(), whole.outputs());
          whole.apply(pass, ofHead, all);
          result.copyFrom(all.columns(picker.from, picker.width));
        }
      }
    }
  }

  /** Picks the scores of one call. */
  private final class Picker {
    private final Attention.Arguments a;
    private final int[] places;
    private final Matrix scores;
    private final Matrix k; // the keys of all sequences, one after the other

    /** The first vector that is multiplied with, and how many are. */
    private final int from;

    private final int width;

    /** The place in a product of each distance from {@code −reach} to {@code reach}. */
    private final int[] index;

    private final int reach;

    Picker(Attention.Arguments a, int[] places, Matrix scores) {
      if (a.k().places() != null) {
        throw new IllegalArgumentException("keys of a cache have no distances here");
      }
      this.a = a;
      this.places = places;
      this.scores = scores;
      k = a.k().blocks().getFirst();
      reach = a.keys() - 1;
      index = buckets.rowsWithin(reach);
      from = index[0] / UNIT * UNIT;
      int end = index[2 * reach] + 1;
      width = Math.min(Math.ceilDiv(end, UNIT) * UNIT, buckets.rows()) - from;
      for (int i = 0; i < index.length; i++) {
        index[i] -= from;
      }
    }

    /**
     * The scores of one head of one sequence.
     *
     * @param inGroup the number of the head among those whose products are here
     */
    void pick(int sequence, int first, int inGroup, Matrix ofQueries, Matrix ofKeys) {
      int count = a.keysOf(sequence).count();
      int asking = a.queriesOf(sequence);
      int query = a.firstQuery(sequence);
      int key = a.starts() == null ? sequence * a.keys() : a.starts()[sequence];
      var meetKeys = ofKeys == null ? null : ofKeys.rows(inGroup * k.rows() + key, count).toArray();
      var meetQuery = new float[width];
      var block = new float[BLOCK * count];
      int row = (sequence * a.heads() + first + inGroup) * a.queries();
      for (int done = 0; done < asking; done += BLOCK) {
        int height = Math.min(BLOCK, asking - done);
        for (int r = 0; r < height; r++) {
          int at = query + done + r;
          int place = places == null ? done + r : places[at];
          if (ofQueries != null) {
            long offset = ofQueries.offset(inGroup * a.q().rows() + at);
            MemorySegment.copy(ofQueries.data(), FLOAT, offset, meetQuery, 0, width);
            pickOfQuery(meetQuery, place, block, r * count, count);
          }
        }
        if (meetKeys != null) {
          pickOfKeys(meetKeys, query + done, done, block, height, count, ofQueries != null);
        }
        scores.rows(row + done, height).columns(0, count).copyFrom(block, 0);
      }
    }

    private void pickOfQuery(float[] products, int place, float[] to, int at, int count) {
      for (int j = 0; j < count; j++) {
        to[at + j] = products[index[reach + place - j]];
      }
    }

    private void pickOfKeys(
        float[] products, int at, int done, float[] to, int height, int count, boolean adds) {
      for (int j = 0; j < count; j++) {
        int product = j * width;
        for (int r = 0; r < height; r++) {
          int place = places == null ? done + r : places[at + r];
          float score = products[product + index[reach + place - j]];
          int i = r * count + j;
          to[i] = adds ? to[i] + score : score;
        }
      }
    }
  }
}
