package io.lanewise.generate;

import java.util.SplittableRandom;

/**
 * Draws tokens. The same seed and number give the same draws, whatever other sequences there are.
 */
final class Draw {
  private final SplittableRandom random;

  /**
   * Draws of one sequence.
   *
   * @param number of the sequence among those of its input
   */
  Draw(long seed, int number) {
    // Neighbouring seeds and numbers must not start neighbouring streams.
    this.random = new SplittableRandom(new SplittableRandom(seed).nextLong() + number);
  }

  /** A token, each with the softmax of its score; -1 if none has any. */
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
   * A score with noise of Gumbel's distribution. Those with the highest such scores are drawn as if
   * one after the other without putting back (Kool et al. 2019, section 2.2).
   */
  double perturbed(float score) {
    return score - Math.log(-Math.log(1 - random.nextDouble()));
  }
}
