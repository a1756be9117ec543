package io.lanewise.kernel.vector;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.KeyRows;
import io.lanewise.kernel.Lanes;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The attention of a few queries over many keys, as in a decoder's step: some heads of one
 * sequence. Keys and values are read once, in place: packing them, as {@link VectorHead} does,
 * would cost many times the arithmetic.
 *
 * <p>Four rows are read at a time, and of each row all heads, so that the reads are contiguous. One
 * query whose heads are whole pieces is computed by {@link FourRowProducts}; other cases head by
 * head.
 */
public final class FewQueryAttention {
  /** The most queries: a common number of beams. */
  private static final int MOST = 4;

  /** Rows that are read at a time. */
  private static final int ROWS = FourRowProducts.ROWS;

  private final float[] lanes = new float[2 * ROWS * SPECIES_PREFERRED.length()];
  private float[] sums = {}; // [4, pieces, lanes]
  private float[] otherSums = {};
  private float[] fourWeights = {}; // [pieces, 4]
  private final AttentionRow weights = new AttentionRow();
  private float[] q = {}; // [heads, queries, headSize]
  private float[] scores = {}; // [heads, queries, stride], then the weights of the values
  private float[] context = {}; // [heads, queries, headSize]
  private long[] places = {}; // [keys], where a row lies in its block, in bytes

  private int size; // of a head
  private int stride; // keys, up to whole vectors
  private int pairs; // of a head and a query
  private int
      pieces; // of a row of all heads, for one query whose heads are whole pieces; otherwise 0

  /**
   * Whether these arguments are a step of few queries. A whole text never is, however short: its
   * bits must be the same in a batch with longer texts.
   */
  public static boolean suit(Arguments a) {
    return a.queries() <= MOST
        && a.queries() < a.keys()
        && a.headSize() % SPECIES_PREFERRED.length() == 0
        && a.starts() == null
        && a.queryStarts() == null
        && a.positionScores() == null
        && a.headMask() == null;
  }

  /**
   * Computes the attention of all queries, for some consecutive heads.
   *
   * @param probabilities as {@link io.lanewise.kernel.Attention#dense}
   */
  void attend(Arguments a, int sequence, int head, int heads, Matrix probabilities, Matrix out) {
    int step = SPECIES_PREFERRED.length();
    size = a.headSize();
    stride = Math.ceilDiv(a.keys(), step) * step;
    pairs = heads * a.queries();
    pieces =
        a.queries() == 1 && size % FourRowProducts.piece() == 0
            ? heads * size / FourRowProducts.piece()
            : 0;
    reserve(a);
    int column = head * size;
    int first = sequence * a.queries();
    for (int pair = 0; pair < pairs; pair++) {
      long at = a.q().offset(first + pair % a.queries());
      at += (long) (column + pair / a.queries() * size) * Float.BYTES;
      Lanes.copy(a.q().data(), at, q, pair * size, size);
    }
    Arrays.fill(context, 0, pairs * size, 0);
    score(a.keysOf(sequence), column, a.queries());
    weights.start(a.keys(), stride, 1);
    for (int r = 0; r < a.queries(); r++) { // query by query, so that its mask is read once
      for (int pair = r; pair < pairs; pair += a.queries()) {
        int at = pair * stride;
        int index = sequence * a.heads() + head + pair / a.queries();
        Arrays.fill(scores, at + a.keys(), at + stride, 0);
        SoftmaxRow.scale(scores, at, stride, weights.weigh(a, index, r, scores, at, probabilities));
      }
    }
    weigh(a.valuesOf(sequence), column, a.queries());
    write(a, sequence, head, out);
  }

  private void reserve(Arguments a) {
    if (q.length < pairs * size) {
      q = new float[pairs * size];
      context = new float[pairs * size];
    }
    if (scores.length < Math.multiplyExact(pairs, stride)) {
      scores = new float[pairs * stride];
    }
    if (places.length < a.keys()) {
      places = new long[stride];
    }
    int floats = (ROWS * pieces + 2) * SPECIES_PREFERRED.length();
    if (sums.length < floats) {
      sums = new float[floats];
      otherSums = new float[floats];
      fourWeights = new float[ROWS * pieces];
    }
  }

  private void write(Arguments a, int sequence, int head, Matrix out) {
    for (int pair = 0; pair < pairs; pair++) {
      long at = out.offset(sequence * a.queries() + pair % a.queries());
      at += (long) (head + pair / a.queries()) * size * Float.BYTES;
      Lanes.copy(context, pair * size, out.data(), at, size);
    }
  }

  /** {@code scores = query · key} for all pairs and keys. */
  private void score(KeyRows.Sequence keys, int column, int queries) {
    for (int from = 0; from < keys.count(); ) {
      int end = keys.endOfBlock(from);
      var data = keys.block(from).data();
      locate(keys, column, from, end);
      int key = from;
      for (; pieces > 0 && key < end; key += ROWS) {
        scoreFour(data, key, end);
      }
      for (; key + ROWS <= end; key += ROWS) {
        for (int pair = 0; pair < pairs; ) {
          long head = (long) (pair / queries) * size * Float.BYTES;
          if (pair % queries + 1 < queries) {
            eightDots(data, key, head, pair);
            pair += 2;
          } else {
            fourDots(data, key, head, pair);
            pair++;
          }
        }
      }
      for (; key < end; key++) {
        for (int pair = 0; pair < pairs; pair++) {
          dot(data, key, (long) (pair / queries) * size * Float.BYTES, pair);
        }
      }
      from = end;
    }
  }

  private void locate(KeyRows.Sequence rows, int column, int from, int end) {
    for (int key = from; key < end; key++) {
      places[key] = rows.offset(key, column);
    }
  }

  /** The scores of four keys, or of the last ones before {@code end}, with one query. */
  private void scoreFour(MemorySegment data, int key, int end) {
    long a = places[key];
    long b = places[Math.min(key + 1, end - 1)];
    long c = places[Math.min(key + 2, end - 1)];
    long d = places[Math.min(key + 3, end - 1)];
    FourRowProducts.multiply(q, pieces, data, a, b, c, d, sums);
    var summed = FourRowProducts.sums(sums, ROWS * pieces, otherSums);
    int ofHead = pieces / pairs;
    for (int row = 0; row < Math.min(ROWS, end - key); row++) {
      for (int head = 0; head < pairs; head++) {
        int from = row * pieces + head * ofHead;
        float sum = summed[from];
        for (int i = 1; i < ofHead; i++) {
          sum += summed[from + i];
        }
        scores[head * stride + key + row] = sum;
      }
    }
  }

  /** Adds four values to the result of one query. */
  private void weighFour(MemorySegment data, int key) {
    int ofHead = pieces / pairs;
    for (int piece = 0; piece < pieces; piece++) {
      System.arraycopy(scores, piece / ofHead * stride + key, fourWeights, ROWS * piece, ROWS);
    }
    FourRowProducts.weigh(
        fourWeights,
        pieces,
        data,
        places[key],
        places[key + 1],
        places[key + 2],
        places[key + 3],
        context);
  }

  /** The scores of four keys with two queries: each vector of a key is loaded once. */
  private void eightDots(MemorySegment data, int key, long head, int pair) {
    var base = Lanes.base(data);
    long first = Lanes.offset(data, head);
    long a = first + places[key];
    long b = first + places[key + 1];
    long c = first + places[key + 2];
    long d = first + places[key + 3];
    int step = SPECIES_PREFERRED.length();
    int qAt = pair * size;
    var sumA = Lanes.splat(0);
    var sumB = sumA;
    var sumC = sumA;
    var sumD = sumA;
    var nextA = sumA;
    var nextB = sumA;
    var nextC = sumA;
    var nextD = sumA;
    for (int i = 0; i < size; i += step) {
      long at = (long) i * Float.BYTES;
      var query = Lanes.load(q, qAt + i);
      var next = Lanes.load(q, qAt + size + i);
      var keyA = Lanes.load(base, a + at);
      var keyB = Lanes.load(base, b + at);
      var keyC = Lanes.load(base, c + at);
      var keyD = Lanes.load(base, d + at);
      sumA = query.fma(keyA, sumA);
      sumB = query.fma(keyB, sumB);
      sumC = query.fma(keyC, sumC);
      sumD = query.fma(keyD, sumD);
      nextA = next.fma(keyA, nextA);
      nextB = next.fma(keyB, nextB);
      nextC = next.fma(keyC, nextC);
      nextD = next.fma(keyD, nextD);
    }
    int to = pair * stride + key;
    scores[to] = Lanes.sum(sumA, lanes, 0);
    scores[to + 1] = Lanes.sum(sumB, lanes, step);
    scores[to + 2] = Lanes.sum(sumC, lanes, 2 * step);
    scores[to + 3] = Lanes.sum(sumD, lanes, 3 * step);
    to += stride;
    scores[to] = Lanes.sum(nextA, lanes, 4 * step);
    scores[to + 1] = Lanes.sum(nextB, lanes, 5 * step);
    scores[to + 2] = Lanes.sum(nextC, lanes, 6 * step);
    scores[to + 3] = Lanes.sum(nextD, lanes, 7 * step);
  }

  private void fourDots(MemorySegment data, int key, long head, int pair) {
    var base = Lanes.base(data);
    long first = Lanes.offset(data, head);
    long a = first + places[key];
    long b = first + places[key + 1];
    long c = first + places[key + 2];
    long d = first + places[key + 3];
    int step = SPECIES_PREFERRED.length();
    int qAt = pair * size;
    var sumA = Lanes.splat(0);
    var sumB = sumA;
    var sumC = sumA;
    var sumD = sumA;
    for (int i = 0; i < size; i += step) {
      long at = (long) i * Float.BYTES;
      var queryVector = Lanes.load(q, qAt + i);
      sumA = queryVector.fma(Lanes.load(base, a + at), sumA);
      sumB = queryVector.fma(Lanes.load(base, b + at), sumB);
      sumC = queryVector.fma(Lanes.load(base, c + at), sumC);
      sumD = queryVector.fma(Lanes.load(base, d + at), sumD);
    }
    int to = pair * stride + key;
    scores[to] = Lanes.sum(sumA, lanes, 0);
    scores[to + 1] = Lanes.sum(sumB, lanes, step);
    scores[to + 2] = Lanes.sum(sumC, lanes, 2 * step);
    scores[to + 3] = Lanes.sum(sumD, lanes, 3 * step);
  }

  private void dot(MemorySegment data, int key, long head, int pair) {
    var sum = Lanes.splat(0);
    var base = Lanes.base(data);
    long at = Lanes.offset(data, places[key] + head);
    for (int i = 0; i < size; i += SPECIES_PREFERRED.length()) {
      var queryVector = Lanes.load(q, pair * size + i);
      sum = queryVector.fma(Lanes.load(base, at + (long) i * Float.BYTES), sum);
    }
    scores[pair * stride + key] = Lanes.sum(sum, lanes, 0);
  }

  /** {@code context = Σ weight · value}, each sum in the order of the keys. */
  private void weigh(KeyRows.Sequence values, int column, int queries) {
    for (int from = 0; from < values.count(); ) {
      int end = values.endOfBlock(from);
      var data = values.block(from).data();
      locate(values, column, from, end);
      int key = from;
      for (; pieces > 0 && key + ROWS <= end; key += ROWS) {
        weighFour(data, key);
      }
      for (; key + ROWS <= end; key += ROWS) {
        for (int pair = 0; pair < pairs; ) {
          long head = (long) (pair / queries) * size * Float.BYTES;
          if (pair % queries + 1 < queries) {
            weighFourTwice(data, key, head, pair);
            pair += 2;
          } else {
            weighFour(data, key, head, pair);
            pair++;
          }
        }
      }
      for (; key < end; key++) {
        for (int pair = 0; pair < pairs; pair++) {
          weighOne(data, key, (long) (pair / queries) * size * Float.BYTES, pair);
        }
      }
      from = end;
    }
  }

  private void weighFour(MemorySegment data, int key, long head, int pair) {
    var base = Lanes.base(data);
    long first = Lanes.offset(data, head);
    long a = first + places[key];
    long b = first + places[key + 1];
    long c = first + places[key + 2];
    long d = first + places[key + 3];
    int weights = pair * stride + key;
    var weightA = Lanes.splat(scores[weights]);
    var weightB = Lanes.splat(scores[weights + 1]);
    var weightC = Lanes.splat(scores[weights + 2]);
    var weightD = Lanes.splat(scores[weights + 3]);
    int to = pair * size;
    for (int i = 0; i < size; i += SPECIES_PREFERRED.length()) {
      long at = (long) i * Float.BYTES;
      var sum = weightA.fma(Lanes.load(base, a + at), Lanes.load(context, to + i));
      sum = weightB.fma(Lanes.load(base, b + at), sum);
      sum = weightC.fma(Lanes.load(base, c + at), sum);
      weightD.fma(Lanes.load(base, d + at), sum).intoArray(context, to + i);
    }
  }

  /** Adds four values to the results of two queries. */
  private void weighFourTwice(MemorySegment data, int key, long head, int pair) {
    var base = Lanes.base(data);
    long first = Lanes.offset(data, head);
    long a = first + places[key];
    long b = first + places[key + 1];
    long c = first + places[key + 2];
    long d = first + places[key + 3];
    int weights = pair * stride + key;
    var weightA = Lanes.splat(scores[weights]);
    var weightB = Lanes.splat(scores[weights + 1]);
    var weightC = Lanes.splat(scores[weights + 2]);
    var weightD = Lanes.splat(scores[weights + 3]);
    weights += stride;
    var nextA = Lanes.splat(scores[weights]);
    var nextB = Lanes.splat(scores[weights + 1]);
    var nextC = Lanes.splat(scores[weights + 2]);
    var nextD = Lanes.splat(scores[weights + 3]);
    int to = pair * size;
    for (int i = 0; i < size; i += SPECIES_PREFERRED.length()) {
      long at = (long) i * Float.BYTES;
      var value = Lanes.load(base, a + at);
      var sum = weightA.fma(value, Lanes.load(context, to + i));
      var next = nextA.fma(value, Lanes.load(context, to + size + i));
      value = Lanes.load(base, b + at);
      sum = weightB.fma(value, sum);
      next = nextB.fma(value, next);
      value = Lanes.load(base, c + at);
      sum = weightC.fma(value, sum);
      next = nextC.fma(value, next);
      value = Lanes.load(base, d + at);
      weightD.fma(value, sum).intoArray(context, to + i);
      nextD.fma(value, next).intoArray(context, to + size + i);
    }
  }

  private void weighOne(MemorySegment data, int key, long head, int pair) {
    var weight = Lanes.splat(scores[pair * stride + key]);
    var base = Lanes.base(data);
    long place = Lanes.offset(data, places[key] + head);
    int to = pair * size;
    for (int i = 0; i < size; i += SPECIES_PREFERRED.length()) {
      var value = Lanes.load(base, place + (long) i * Float.BYTES);
      weight.fma(value, Lanes.load(context, to + i)).intoArray(context, to + i);
    }
  }
}
