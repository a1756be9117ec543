package io.lanewise.nn.attention;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Matrix;
import java.util.Arrays;

/**
 * Attention of one sequence to itself as plain loops of doubles: what the layers are compared with.
 *
 * @param weights the place of {@code query}, {@code key}, {@code value}, {@code dense}, without
 *     biases
 * @param angles turns number d of a head at a position; null for no rotation
 */
record PlainAttention(Weights weights, int heads, int size, Angles angles, Scores scores) {
  /** Where a head's number d comes from at a position: two numbers and their factors. */
  interface Angles {
    double turned(double[] head, int d, int position);
  }

  /** What is added to a scaled score; negative infinity hides the key. */
  interface Scores {
    double at(int head, int query, int key);
  }

  int width() {
    return heads * size;
  }

  double[][] linear(double[][] rows, String name) {
    var weight = weights.at(name).matrix("weight", width(), width());
    var result = new double[rows.length][width()];
    for (int t = 0; t < rows.length; t++) {
      for (int j = 0; j < width(); j++) {
        for (int i = 0; i < width(); i++) {
          result[t][j] += rows[t][i] * weight.get(j, i);
        }
      }
    }
    return result;
  }

  double[][] turned(double[][] rows, int[] positions) {
    if (angles == null) {
      return rows;
    }
    var result = new double[rows.length][width()];
    for (int t = 0; t < rows.length; t++) {
      for (int head = 0; head < heads; head++) {
        var numbers = Arrays.copyOfRange(rows[t], head * size, (head + 1) * size);
        for (int d = 0; d < size; d++) {
          result[t][head * size + d] = angles.turned(numbers, d, positions[t]);
        }
      }
    }
    return result;
  }

  double[] probabilities(double[][] q, double[][] k, int head, int query) {
    var row = new double[k.length];
    double max = Double.NEGATIVE_INFINITY;
    for (int key = 0; key < row.length; key++) {
      for (int d = head * size; d < (head + 1) * size; d++) {
        row[key] += q[query][d] * k[key][d];
      }
      row[key] = row[key] / Math.sqrt(size) + scores.at(head, query, key);
      max = Math.max(max, row[key]);
    }
    double sum = 0;
    for (int key = 0; key < row.length; key++) {
      row[key] = max == Double.NEGATIVE_INFINITY ? 1 : Math.exp(row[key] - max);
      sum += row[key];
    }
    for (int key = 0; key < row.length; key++) {
      row[key] /= sum;
    }
    return row;
  }

  /** The result for x [tokens, width]. */
  float[] of(Matrix x, int[] positions) {
    int tokens = x.rows();
    var rows = new double[tokens][width()];
    for (int t = 0; t < tokens; t++) {
      for (int j = 0; j < width(); j++) {
        rows[t][j] = x.get(t, j);
      }
    }
    var q = turned(linear(rows, "query"), positions);
    var k = turned(linear(rows, "key"), positions);
    var v = linear(rows, "value");
    var context = new double[tokens][width()];
    for (int t = 0; t < tokens; t++) {
      for (int head = 0; head < heads; head++) {
        var shares = probabilities(q, k, head, t);
        for (int key = 0; key < tokens; key++) {
          for (int d = head * size; d < (head + 1) * size; d++) {
            context[t][d] += shares[key] * v[key][d];
          }
        }
      }
    }
    var result = linear(context, "dense");
    var flat = new float[tokens * width()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) result[i / width()][i % width()];
    }
    return flat;
  }
}
