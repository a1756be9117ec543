package io.lanewise.kernel.vector;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.Lanes;
import io.lanewise.memory.Matrix;
import java.util.Arrays;

/**
 * Computes the weights of the values from the scores of one query; owns the scratch memory for it.
 */
public final class AttentionRow {
  private float[] mask = {}; // [stride]
  private float[] extra = {}; // [stride]

  private int keys;
  private int stride;
  private int group;

  /** The row of the mask that was read last; −1 for none. */
  private int maskRow;

  /**
   * Sets the shape of the next rows.
   *
   * @param newStride floats of a row: the number of keys, rounded up to whole vectors
   * @param newGroup rows of a group, as in {@link SoftmaxRow}
   */
  public void start(int newKeys, int newStride, int newGroup) {
    keys = newKeys;
    stride = newStride;
    group = newGroup;
    maskRow = -1;
    if (mask.length < stride) {
      mask = new float[stride];
      extra = new float[stride];
    }
  }

  /**
   * Replaces scores by weights that still have to be divided by their sum.
   *
   * @param index {@code sequence * heads + head}
   * @param scores those of the query from {@code at}; behind the last key any number but NaN
   * @return the head's mask divided by the sum
   */
  public float weigh(
      Arguments a, int index, int query, float[] scores, int at, Matrix probabilities) {
    readMask(a, index / a.heads(), query);
    int row = index * a.queries() + query;
    if (a.positionScores() != null) {
      Lanes.copy(a.positionScores().data(), a.positionScores().offset(row), extra, 0, keys);
      Arrays.fill(extra, keys, stride, 0);
      SoftmaxRow.add(scores, at, stride, group, extra);
    }
    float max = SoftmaxRow.scaleAndAdd(scores, at, stride, group, a.scale(), mask);
    float factor = 1 / SoftmaxRow.exponentials(scores, at, stride, group, max, extra, 0);
    if (a.headMask() != null) {
      factor *= a.headMask()[index % a.heads()];
    }
    if (probabilities != null) {
      for (int i = 0; i < stride; i += Panels.BLOCK) {
        int count = Math.min(Panels.BLOCK, stride - i);
        System.arraycopy(scores, at + i * group, extra, i, count);
      }
      SoftmaxRow.scale(extra, 0, stride, factor);
      Lanes.copy(extra, 0, probabilities.data(), probabilities.offset(row), keys);
    }
    return factor;
  }

  /**
   * Reads what is added to the scores; behind the last key it is −∞, so that the weights there are
   * 0.
   */
  private void readMask(Arguments a, int sequence, int query) {
    int row = maskRow(a, sequence, query);
    if (row == maskRow) {
      return;
    }
    maskRow = row;
    if (a.mask() == null) {
      Arrays.fill(mask, 0, keys, 0);
    } else {
      Lanes.copy(a.mask().data(), a.mask().offset(row), mask, 0, keys);
    }
    Arrays.fill(mask, keys, stride, Float.NEGATIVE_INFINITY);
  }

  private static int maskRow(Arguments a, int sequence, int query) {
    boolean ofEachQuery = a.mask() != null && a.mask().rows() != a.batch();
    return ofEachQuery ? a.firstQuery(sequence) + query : sequence;
  }
}
