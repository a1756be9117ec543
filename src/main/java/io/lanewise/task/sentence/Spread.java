package io.lanewise.task.sentence;

/**
 * How the numbers of a vector lie around their mean.
 *
 * @param squares sum of the squares of the differences from the mean
 */
record Spread(double mean, double squares) {
  static Spread of(float[] vector) {
    double mean = 0;
    for (float x : vector) {
      mean += x;
    }
    mean /= vector.length;
    double squares = 0;
    for (float x : vector) {
      squares += (x - mean) * (x - mean);
    }
    return new Spread(mean, squares);
  }
}
