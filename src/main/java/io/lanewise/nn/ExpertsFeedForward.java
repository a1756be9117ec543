package io.lanewise.nn;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A mixture of experts (Shazeer et al. 2017): each token goes through those feed-forward layers
 * that a router gives the largest shares, {@code y = Σ share · expert(x) + bias}. The shares are a
 * softmax over all experts and are not divided by the sum of those chosen. A token takes the same
 * path in any batch.
 *
 * @param router [hidden] to [experts]
 * @param most experts of one token
 * @param bias [hidden]
 */
public record ExpertsFeedForward(Linear router, int most, List<Expert> experts, MemorySegment bias)
    implements Mlp {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Two layers, {@code out · activation(in · x)}, without biases. */
  public record Expert(Linear in, Activation activation, Linear out) {}

  /**
   * Loads {@code router.layer.weight} [experts, hidden], {@code experts.mlp.w1} and {@code w2},
   * both [experts * intermediate, hidden], and {@code experts.bias} [hidden].
   *
   * @param most experts of one token
   */
  public static ExpertsFeedForward load(
      Packing packing,
      int hidden,
      int intermediate,
      int experts,
      int most,
      Activation activation,
      Weights at) {
    int rows = Math.multiplyExact(experts, intermediate);
    var inside = at.at("experts.mlp");
    var loaded = new ArrayList<Expert>();
    try (var scratch = Packing.scratch()) {
      var w1 = inside.borrow("w1", rows, hidden, scratch);
      var w2 = inside.borrowSource("w2", rows, hidden, scratch);
      for (int e = 0; e < experts; e++) {
        var second = w2.rows(e * intermediate, intermediate); // [intermediate, hidden]
        loaded.add(
            new Expert(
                Linear.of(packing, w1.rows(e * intermediate, intermediate)),
                activation,
                Linear.of(packing, turned(second, scratch))));
      }
      inside.release(w1);
      inside.release(w2);
    }
    return new ExpertsFeedForward(
        Linear.withoutBias(packing, hidden, experts, at.at("router.layer")),
        most,
        List.copyOf(loaded),
        at.at("experts").vector("bias", hidden, Weights.Init.ZEROS));
  }

  private static Matrix turned(Matrix matrix, Region scratch) {
    var turned = scratch.matrix(/* rows= */ matrix.columns(), /* columns= */ matrix.rows());
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < matrix.columns(); j++) {
        turned.set(j, i, matrix.get(i, j));
      }
    }
    return turned;
  }

  @Override
  public void apply(Pass pass, Matrix x, Matrix y) {
    int hidden = y.columns();
    var shares = shares(pass, x); // [tokens, experts]
    var sums = new float[Math.multiplyExact(x.rows(), hidden)];
    var biases = bias.asSlice(0, 4L * hidden).toArray(FLOAT);
    for (int i = 0; i < sums.length; i++) {
      sums[i] = biases[i % hidden];
    }
    for (int e = 0; e < experts.size(); e++) {
      int[] rows = asking(shares, e, x.rows());
      if (rows.length == 0) {
        continue;
      }
      try (var _ = pass.frame()) {
        var given = pass.matrix(rows.length, x.columns());
        pass.backend().rowwise().gather(x, rows, given);
        var result = pass.matrix(rows.length, hidden);
        apply(pass, experts.get(e), given, result);
        for (int i = 0; i < rows.length; i++) {
          var row = result.rows(i, 1).toArray();
          float share = shares[rows[i] * experts.size() + e];
          for (int j = 0; j < hidden; j++) {
            sums[rows[i] * hidden + j] += share * row[j];
          }
        }
      }
    }
    y.copyFrom(sums, 0);
  }

  private static void apply(Pass pass, Expert expert, Matrix x, Matrix y) {
    try (var _ = pass.frame()) {
      var wide = pass.matrix(x.rows(), expert.in.outputs());
      expert.in.apply(pass, x, expert.activation, wide);
      expert.out.apply(pass, wide, y);
    }
  }

  /** The share of each expert in each token, 0 for those that it does not go to. */
  private float[] shares(Pass pass, Matrix x) {
    int count = experts.size();
    try (var _ = pass.frame()) {
      var scores = pass.matrix(x.rows(), count);
      router.apply(pass, x, scores);
      pass.backend().rowwise().softmax(scores);
      var shares = scores.toArray();
      for (int row = 0; row < shares.length; row += count) {
        keepLargest(shares, row, count);
      }
      return shares;
    }
  }

  /** Of equal shares the first is kept. */
  private void keepLargest(float[] shares, int row, int count) {
    var left = Arrays.copyOfRange(shares, row, row + count);
    Arrays.fill(shares, row, row + count, 0);
    for (int k = 0; k < Math.min(most, count); k++) {
      int best = 0;
      for (int e = 1; e < count; e++) {
        if (left[e] > left[best]) {
          best = e;
        }
      }
      shares[row + best] = left[best];
      left[best] = -1;
    }
  }

  private int[] asking(float[] shares, int expert, int tokens) {
    int count = 0;
    var rows = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      if (shares[i * experts.size() + expert] != 0) {
        rows[count++] = i;
      }
    }
    return Arrays.copyOf(rows, count);
  }
}
