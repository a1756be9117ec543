package io.lanewise.kernel;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.tensor.Matrix;
import java.util.Arrays;

/** The attention of one head of one sequence, and the scratch memory for it. */
final class AttentionHead {
  private final int width = Panels.width();
  private final HeadPanels panels = new HeadPanels();
  private final float[] tile = new float[Panels.ROWS * width]; // [rows, width]
  private final float[] factors = new float[Panels.ROWS]; // 1 / sum of the weights
  private float[] q = {}; // [rows, headSize]
  private float[] scores = {}; // [rows, stride], then the weights of the values
  private float[] mask = {}; // [stride]
  private float[] extra = {}; // [stride]

  private int keys;

  /** Floats of a row of scores: the keys up to the end of their last panel. */
  private int stride;

  /**
   * Attends with some of the queries.
   *
   * @param index {@code sequence * heads + head}
   */
  void attend(Arguments a, int index, int from, int queries, Matrix probabilities, Matrix out) {
    int sequence = index / a.heads();
    int column = index % a.heads() * a.headSize();
    var asked = a.keysOf(sequence);
    panels.pack(asked, a.valuesOf(sequence), column, a.headSize());
    reserve(a, asked.count());
    boolean maskOfQuery = a.mask() != null && a.mask().rows() != a.batch();
    if (!maskOfQuery) {
      readMask(a, sequence);
    }
    var asking = a.q().columns(column, a.headSize());
    var result = out.columns(column, a.headSize());
    for (int done = 0; done < queries; ) {
      int height = Panels.height(done, queries);
      int query = from + Math.min(done, queries - height);
      int row = a.firstQuery(sequence) + query;
      for (int r = 0; r < height; r++) {
        Lanes.copy(asking.data(), asking.offset(row + r), q, r * a.headSize(), a.headSize());
      }
      panels.scores(height, q, scores, stride);
      for (int r = 0; r < height; r++) {
        if (maskOfQuery) {
          readMask(a, row + r);
        }
        weigh(a, index, query + r, r, probabilities);
      }
      writeContext(height, result, row);
      done += height;
    }
  }

  private void reserve(Arguments a, int count) {
    keys = count;
    stride = Panels.count(keys) * width;
    if (q.length < Panels.ROWS * a.headSize()) {
      q = new float[Panels.ROWS * a.headSize()];
    }
    if (mask.length < stride) {
      scores = new float[Math.multiplyExact(Panels.ROWS, stride)];
      mask = new float[stride];
      extra = new float[stride];
    }
  }

  /** What is added to the scores; behind the last key that is −∞, so that weights there are 0. */
  private void readMask(Arguments a, int row) {
    if (a.mask() == null) {
      Arrays.fill(mask, 0, keys, 0);
    } else {
      Lanes.copy(a.mask().data(), a.mask().offset(row), mask, 0, keys);
    }
    Arrays.fill(mask, keys, stride, Float.NEGATIVE_INFINITY);
  }

  /** Turns row {@code r} of the scores into weights, to be divided by their sum later. */
  private void weigh(Arguments a, int index, int query, int r, Matrix probabilities) {
    int at = r * stride;
    int row = index * a.queries() + query;
    if (a.positionScores() != null) {
      Lanes.copy(a.positionScores().data(), a.positionScores().offset(row), extra, 0, keys);
      Arrays.fill(extra, keys, stride, 0);
      SoftmaxRow.add(scores, at, stride, extra);
    }
    float max = SoftmaxRow.scaleAndAdd(scores, at, stride, a.scale(), mask);
    float sum = SoftmaxRow.exponentials(scores, at, stride, max, extra, 0);
    factors[r] = 1 / sum;
    if (a.headMask() != null) {
      factors[r] *= a.headMask()[index % a.heads()];
    }
    if (probabilities != null) {
      System.arraycopy(scores, at, extra, 0, stride);
      SoftmaxRow.scale(extra, 0, stride, factors[r]);
      Lanes.copy(extra, 0, probabilities.data(), probabilities.offset(row), keys);
    }
  }

  private void writeContext(int rows, Matrix out, int row) {
    for (int panel = 0; panel < Panels.count(out.columns()); panel++) {
      panels.context(rows, scores, stride, panel, tile);
      int columns = Math.min(width, out.columns() - panel * width);
      for (int r = 0; r < rows; r++) {
        SoftmaxRow.scale(tile, r * width, width, factors[r]);
        long at = out.offset(row + r) + (long) panel * width * Float.BYTES;
        Lanes.copy(tile, r * width, out.data(), at, columns);
      }
    }
  }
}
