package io.lanewise.task.sentence;

import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.weights.Weights;

/**
 * W·x + b in double precision. The weights lie by columns, so that the inner loop runs over outputs
 * and the compiler can take many at once.
 *
 * @param columns [inputs * outputs] of W
 * @param bias [outputs]
 */
record LinearLayer(double[] columns, double[] bias) {
  /**
   * A layer of the weights.
   *
   * @param biased whether it has a bias; it is 0 if not
   */
  static LinearLayer of(Weights at, int outputs, int inputs, boolean biased) {
    var weight = at.matrix("weight", outputs, inputs).toArray();
    var bias = biased ? SentenceModule.vector(at, "bias", outputs) : new float[outputs];
    return of(weight, bias, inputs);
  }

  /**
   * A layer of these numbers.
   *
   * @param weight [outputs * inputs]
   */
  static LinearLayer of(float[] weight, float[] bias, int inputs) {
    var columns = new double[weight.length];
    for (int row = 0; row < bias.length; row++) {
      for (int i = 0; i < inputs; i++) {
        columns[i * bias.length + row] = weight[row * inputs + i];
      }
    }
    var wide = new double[bias.length];
    for (int row = 0; row < wide.length; row++) {
      wide[row] = bias[row];
    }
    return new LinearLayer(columns, wide);
  }

  /** How many outputs a stored matrix is for; 1 where it is missing, or none. */
  static int outputs(OpenedFolder opened, String name) {
    return opened.tensors().stream()
        .filter(each -> each.name().equals(name) && each.shape().rank() == 2)
        .mapToInt(each -> Math.toIntExact(Math.max(1, each.shape().dim(0))))
        .findFirst()
        .orElse(1);
  }

  int inputs() {
    return columns.length / bias.length;
  }

  int outputs() {
    return bias.length;
  }

  /**
   * Its results for one vector.
   *
   * @param vectors holds it
   * @param from where it begins
   */
  double[] apply(float[] vectors, int from) {
    var sums = bias.clone();
    int inputs = inputs();
    for (int i = 0; i < inputs; i++) {
      double x = vectors[from + i];
      int column = i * sums.length;
      for (int row = 0; row < sums.length; row++) {
        sums[row] += x * columns[column + row];
      }
    }
    return sums;
  }
}
