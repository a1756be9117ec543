package io.lanewise.generate;

import java.util.SplittableRandom;

/**
 * Samples tokens. The same seed and number give the same samples, whatever other sequences there
 * are.
 */
final class Draw {
  private final SplittableRandom random;

  /**
   * The samples of one sequence.
   *
   * @param number of the sequence among those of its input
   */
  Draw(long seed, int number) {
    // Consecutive seeds and numbers must not give similar streams.
    this.random = new SplittableRandom(new SplittableRandom(seed).nextLong() + number);
  }

  /** A token, sampled with the softmax of the scores; -1 if all are excluded. */
  int token(float[] scores) {
    double[] values = Probabilities.of(scores).values();
    double left = random.nextDouble();
    int last = -1;
    for (int i = 0; i < values.length; i++) {
      if (values[i] > 0) {
        last = i;
        left -= values[i];
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }

  /**
   * A score plus noise of Gumbel's distribution. Selecting the highest of these is sampling without
   * replacement (Kool et al. 2019, section 2.2).
   */
  double perturbed(float score) {
    return score - Math.log(-Math.log(1 - random.nextDouble()));
  }
}
