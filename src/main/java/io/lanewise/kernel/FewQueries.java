package io.lanewise.kernel;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.tensor.Matrix;
import java.util.Arrays;

/**
 * The attention of one head where a few queries ask many keys, as in a decoder's step, and the
 * scratch memory for it. Keys and values are read once, where they lie: packing them, as {@link
 * AttentionHead} does, would cost many times the arithmetic.
 */
final class FewQueries {
  /** The most queries: as many beams as are common. */
  private static final int MOST = 4;

  private final float[] lanes = new float[SPECIES_PREFERRED.length()];
  private float[] q = {}; // [queries, headSize]
  private float[] scores = {}; // [queries, stride], then the weights of the values
  private float[] mask = {}; // [stride]
  private float[] context = {}; // [headSize]

  /**
   * Whether these arguments are such a step. A whole text is none, however short, for its bits must
   * not change when it stands in a batch with longer ones.
   */
  static boolean suit(Arguments a) {
    return a.queries() <= MOST
        && a.queries() < a.keys()
        && a.headSize() % SPECIES_PREFERRED.length() == 0
        && a.starts() == null
        && a.positionScores() == null
        && a.headMask() == null;
  }

  /**
   * Attends with all queries.
   *
   * @param index {@code sequence * heads + head}
   * @param probabilities as {@link Attention#dense}
   */
  void attend(Arguments a, int index, Matrix probabilities, Matrix out) {
    int sequence = index / a.heads();
    int size = a.headSize();
    int column = index % a.heads() * size;
    int stride = Math.ceilDiv(a.keys(), lanes.length) * lanes.length;
    reserve(a, stride);
    int first = sequence * a.queries();
    var asking = a.q().columns(column, size);
    for (int r = 0; r < a.queries(); r++) {
      Lanes.copy(asking.data(), asking.offset(first + r), q, r * size, size);
    }
    var keys = a.keysOf(sequence);
    for (int key = 0; key < keys.count(); key++) {
      for (int r = 0; r < a.queries(); r++) {
        scores[r * stride + key] = dot(keys, key, column, r * size, size);
      }
    }
    boolean maskOfQuery = a.mask() != null && a.mask().rows() != a.batch();
    var values = a.valuesOf(sequence);
    var result = out.columns(column, size);
    for (int r = 0; r < a.queries(); r++) {
      int at = r * stride;
      Arrays.fill(scores, at + keys.count(), at + stride, 0);
      if (r == 0 || maskOfQuery) {
        readMask(a, maskOfQuery ? first + r : sequence, stride);
      }
      float max = SoftmaxRow.scaleAndAdd(scores, at, stride, a.scale(), mask);
      float sum = SoftmaxRow.exponentials(scores, at, stride, max, lanes, 0);
      weighValues(values, column, at, size);
      SoftmaxRow.scale(context, 0, size, 1 / sum);
      Lanes.copy(context, 0, result.data(), result.offset(first + r), size);
      if (probabilities != null) {
        SoftmaxRow.scale(scores, at, stride, 1 / sum);
        long row = probabilities.offset(index * a.queries() + r);
        Lanes.copy(scores, at, probabilities.data(), row, a.keys());
      }
    }
  }

  private void reserve(Arguments a, int stride) {
    int rows = a.queries();
    if (q.length < rows * a.headSize()) {
      q = new float[rows * a.headSize()];
    }
    if (context.length < a.headSize()) {
      context = new float[a.headSize()];
    }
    if (scores.length < rows * stride) {
      scores = new float[Math.multiplyExact(MOST, stride)];
    }
    if (mask.length < stride) {
      mask = new float[stride];
    }
  }

  /** What is added to the scores; behind the last key that is −∞, so that weights there are 0. */
  private void readMask(Arguments a, int row, int stride) {
    if (a.mask() == null) {
      Arrays.fill(mask, 0, a.keys(), 0);
    } else {
      Lanes.copy(a.mask().data(), a.mask().offset(row), mask, 0, a.keys());
    }
    Arrays.fill(mask, a.keys(), stride, Float.NEGATIVE_INFINITY);
  }

  private float dot(KeyRows.Sequence keys, int key, int column, int qAt, int size) {
    var block = keys.block(key);
    long at = keys.offset(key, column);
    var sum = Lanes.splat(0);
    for (int c = 0; c < size; c += lanes.length) {
      sum = Lanes.load(q, qAt + c).fma(Lanes.load(block.data(), at + 4L * c), sum);
    }
    return Lanes.sum(sum, lanes, 0);
  }

  /** {@code context = Σ weight · value}, each sum in the order of the keys. */
  private void weighValues(KeyRows.Sequence values, int column, int weightsAt, int size) {
    int step = lanes.length;
    int c = 0;
    for (; c + 4 * step <= size; c += 4 * step) {
      weighFour(values, column + c, weightsAt, c);
    }
    for (; c < size; c += step) {
      var sum = Lanes.splat(0);
      for (int key = 0; key < values.count(); key++) {
        var value = Lanes.load(values.block(key).data(), values.offset(key, column + c));
        sum = Lanes.splat(scores[weightsAt + key]).fma(value, sum);
      }
      sum.intoArray(context, c);
    }
  }

  private void weighFour(KeyRows.Sequence values, int column, int weightsAt, int to) {
    int step = lanes.length;
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var a = Lanes.splat(0);
    var b = a;
    var c = a;
    var d = a;
    for (int key = 0; key < values.count(); key++) {
      var data = values.block(key).data();
      long at = values.offset(key, column);
      var weight = Lanes.splat(scores[weightsAt + key]);
      a = weight.fma(Lanes.load(data, at), a);
      b = weight.fma(Lanes.load(data, at + bytes), b);
      c = weight.fma(Lanes.load(data, at + 2 * bytes), c);
      d = weight.fma(Lanes.load(data, at + 3 * bytes), d);
    }
    a.intoArray(context, to);
    b.intoArray(context, to + step);
    c.intoArray(context, to + 2 * step);
    d.intoArray(context, to + 3 * step);
  }
}
